"""Permission to acquire a status of residence (在留資格取得許可申請書, 別記第三十六号様式): one form without sections.

After a birth in Japan, or where somebody stays who needed no status so far. The person has no card and no stay yet.
"""

from collections.abc import Iterator
from datetime import date

from services.application.forms.checks import period_permitted
from services.application.forms.field import Condition
from services.application.forms.form import Facts, Filled, FormVersion
from services.application.forms.loading import load_blocks, load_example
from shared.errors import FieldProblem, Text
from shared.reference.rights import RELATIVE_MAX_AGE
from shared.reference.statuses import filed_online

_TOOL = date(2026, 4, 1)
_REPRESENTATIVE = {
    "agent.name": Text("代理人の氏名", "the representative's name"),
    "agent.relationship": Text("代理人と本人との関係", "the representative's relationship"),
    "agent.postal": Text("代理人の郵便番号", "the representative's postal code"),
    "agent.address": Text("代理人の住所", "the representative's address"),
}


def cause_has_come(filled: Filled) -> Iterator[FieldProblem]:
    """A cause lies in the past, and of a birth it is the date of birth, as far as that is known."""
    cause, born = filled.form["acquire.cause_date"], filled.fact("birth_date")
    if not cause:
        return
    if cause > filled.day.isoformat():
        yield filled.problem(
            "acquire.cause_date",
            "in-the-future",
            Text("事由の生じた日が未来の日付です", "The date of the cause is in the future"),
        )
    elif filled.form["acquire.cause"] == "BIRTH" and born and cause[: len(born)] != born:
        yield filled.problem(
            "acquire.cause_date",
            "differs-from-birth",
            Text(
                "出生による取得では、事由の生じた日は生年月日と同じです",
                "For a birth the date of the cause is the date of birth",
            ),
        )


def child_is_represented(filled: Filled) -> Iterator[FieldProblem]:
    """A legal representative acts for a child: the form names them, with one telephone number of two."""
    born = filled.fact("birth_date")
    if not born or f"{int(born[:4]) + RELATIVE_MAX_AGE}{born[4:]}" <= filled.day.isoformat():
        return
    for code, name in _REPRESENTATIVE.items():
        if filled.form[code] is None:
            yield filled.problem(
                code,
                "required",
                Text("お子さんの申請では、{name}を入力してください", "For a child, fill in {name}").with_values(
                    name=name
                ),
            )
    if filled.form["agent.tel"] is None and filled.form["agent.mobile"] is None:
        yield filled.problem(
            "agent.tel",
            "required",
            Text(
                "お子さんの申請では、代理人の電話番号を入力してください",
                "For a child, fill in the representative's telephone number",
            ),
        )


ACQUIRE = FormVersion(
    version="acquire-2026-04-01",
    procedure="ACQUIRE",
    # The status of the example comes first.
    statuses=tuple(dict.fromkeys(("DEPENDENT", *filed_online("ACQUIRE", _TOOL)))),
    section="",
    items=load_blocks("ACQUIRE", _TOOL, "applicant", "acquire", "agent"),
    facts=Facts(requested_period="requested_period", cause_on="acquire.cause_date"),
    valid_from=_TOOL,
    checks=(period_permitted, cause_has_come, child_is_represented),
    document_groups={cause: Condition("acquire.cause", one_of=(cause,)) for cause in ("BIRTH", "NATIONALITY", "OTHER")},
    example=load_example("acquire"),
)
