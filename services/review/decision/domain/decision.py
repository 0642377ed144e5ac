"""The limits of a decision: what may be granted, what it costs, and until when it lets a person stay."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from services.review.cases.domain.flow import Issue, Outcome, issue_of
from services.review.cases.domain.refusal import Wrong
from services.review.cases.domain.word_lists import WordList, check_listed
from services.review.decision.domain.conditions import Askable, askable, check_conditions
from services.review.decision.domain.filed import Filed
from shared.errors import Text
from shared.reference.codes import Channel, Procedure
from shared.reference.dated import NotInRules
from shared.reference.endings import names
from shared.reference.fees import MULTIPLE, SINGLE, fee
from shared.reference.periods import Period, period_name
from shared.reference.permitted_periods import PermittedPeriods, permitted_periods

# Grounds of a refusal, and of not accepting an application; the officer's own words stand beside them.
GROUNDS: WordList = MappingProxyType(names("refusal"))


@dataclass(frozen=True, slots=True)
class Proposed:
    """The decision that an examiner proposes. `reentry` is `single` or `multiple` where it was filed along;
    `conditions` are those of a grant, by code, each a choice or words."""

    outcome: Outcome
    period_of_stay: str | None = None
    reentry: str | None = None
    reason_code: str | None = None
    reason: str | None = None
    conditions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grantable:
    """The choices of a grant: one of `periods`, or any period up to `up_to` where that is set per person; neither where
    it gives no period. With `reentry` it says single or multiple as well; it states each of `conditions`."""

    periods: tuple[str, ...]
    up_to: str | None
    reentry: bool
    conditions: tuple[Askable, ...]


def grantable(filed: Filed, on: date) -> Grantable:
    """The choices of a grant of this application on a day; no period where the law of the day lays none down."""
    permitted = None
    with suppress(NotInRules):
        permitted = None if filed.procedure == Procedure.WORKCERT else _permitted(filed, on)
    periods, up_to = (permitted.choices, permitted.designated_up_to) if permitted else ((), None)
    return Grantable(periods, up_to, Procedure.REENTRY in filed.combined_with, tuple(askable(filed, on)))


def check(proposed: Proposed, filed: Filed, on: date) -> None:
    """Raise `Wrong` where the law of the day `on` does not allow what is proposed."""
    if proposed.outcome is Outcome.GRANT:
        _check_grant(proposed, filed, on)
        check_conditions(proposed.conditions, filed, on)
        return
    if proposed.conditions:
        raise Wrong(
            "conditions-without-grant",
            Text("不許可・不受理の場合、許可の条件は指定できません", "Only a grant has conditions"),
            "/conditions",
        )
    if proposed.period_of_stay or proposed.reentry:
        raise Wrong(
            "period-without-grant",
            Text(
                "不許可・不受理の場合、在留期間・再入国は指定できません",
                "Only a grant has a period of stay or a re-entry permit",
            ),
            "/period_of_stay" if proposed.period_of_stay else "/reentry",
        )
    for pointer, value in (("/reason_code", proposed.reason_code), ("/reason", (proposed.reason or "").strip())):
        if not value:
            raise Wrong(
                "reason-missing",
                Text(
                    "不許可・不受理には理由コードと理由の記載が必要です",
                    "A refusal needs a reason code and a reason in words",
                ),
                pointer,
            )
    check_listed(proposed.reason_code or "", GROUNDS, "/reason_code")


def _check_grant(proposed: Proposed, filed: Filed, on: date) -> None:
    if proposed.reentry is not None and (
        Procedure.REENTRY not in filed.combined_with or proposed.reentry not in (SINGLE, MULTIPLE)
    ):
        raise Wrong(
            "reentry-not-filed",
            Text(
                "再入国許可は併せて申請された場合のみ、single か multiple を指定できます",
                "Re-entry can be granted where it was filed along with it: single or multiple",
            ),
            "/reentry",
        )
    if proposed.reentry is None and Procedure.REENTRY in filed.combined_with:
        raise Wrong(
            "reentry-undecided",
            Text(
                "併せて申請された再入国許可（single / multiple）を指定してください",
                "Re-entry was filed along with it: say single or multiple",
            ),
            "/reentry",
        )
    if filed.procedure == Procedure.WORKCERT:
        if proposed.period_of_stay is not None:
            raise Wrong(
                "period-without-grant",
                Text(
                    "就労資格証明書に在留期間はありません",
                    "A certificate of authorised employment grants no period of stay",
                ),
                "/period_of_stay",
            )
        return
    _check_period(proposed.period_of_stay, filed, on)


def _check_period(period: str | None, filed: Filed, on: date) -> None:
    try:
        permitted = _permitted(filed, on)
    except NotInRules:
        raise Wrong(
            "status-not-in-force",
            Text(
                "{on} 時点で、この案件の在留資格の在留期間が定められていません",
                "No period of stay is laid down for the status of residence of this case on {on}",
            ).with_values(on=on),
            "/period_of_stay",
        ) from None
    if period is None or not permitted.permits(period):
        up_to = permitted.designated_up_to
        periods: list[str | Text] = [period_name(code) for code in permitted.choices]
        if up_to:
            most = period_name(up_to)
            periods.append(Text("{most}以下で個別に指定", "any up to {most}").with_values(most=most))
        raise Wrong(
            "period-not-permitted",
            Text(
                "この在留資格で決定できる在留期間: {periods}",
                "This status of residence allows these periods of stay: {periods}",
            ).with_values(periods=periods),
            "/period_of_stay",
        )


def _permitted(filed: Filed, on: date) -> PermittedPeriods:
    return permitted_periods(filed.status_of_residence, on, filed.procedure)


def fee_due(proposed: Proposed, filed: Filed) -> int:
    """The fee of a grant in yen, by the day of receipt and the period of stay granted; 0 where it is free."""
    due = fee(filed.procedure, Channel.ONLINE, filed.received_on, stay=proposed.period_of_stay)
    if proposed.reentry:
        due += fee(Procedure.REENTRY, Channel.ONLINE, filed.received_on, option=proposed.reentry)
    return due


def stay_until(proposed: Proposed, filed: Filed, decided_on: date) -> date | None:
    """Last day of the stay that a grant gives; None where it gives none or has no end.

    An extension goes on from the end of the present stay, every other permission from the day it is given; a
    Certificate of Eligibility gives no stay, which begins with landing.
    """
    if proposed.period_of_stay is None or issue_of(filed.procedure) is Issue.CERTIFICATE:
        return None
    extends = filed.procedure == Procedure.EXTEND and filed.stay_expiry is not None
    start = filed.stay_expiry if extends and filed.stay_expiry else decided_on
    return Period.parse(proposed.period_of_stay).end(start)
