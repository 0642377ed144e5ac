"""Rules that refuse an application as it stands, whatever else is filled in."""

from collections.abc import Iterator
from datetime import date

from services.application.filing.domain.documents import age_on
from services.application.filing.domain.draft import Draft
from services.application.filing.domain.receipt import stay_began_on
from services.application.filing.domain.selection import combination_problems
from services.application.forms.checks import parse_day
from services.application.forms.form import FormVersion
from shared.errors import FieldProblem, Text
from shared.reference.deadlines import filing_window, status_needed_after
from shared.reference.exclusions import exclusion
from shared.reference.rights import Circumstances, objection
from shared.reference.statuses import may_be_filed_online
from shared.text.dates import is_believable

# Codes after which the whole refusal is named: filling in more would not help.
FINAL = frozenset(
    {
        "stay-expired",
        "acquisition-late",
        "too-early",
        "role-may-not-file",
        "not-online",
        "combination-not-allowed",
        "second-open-application",
        "account-unknown",
        "account-suspended",
        "account-closed",
        "account-expired",
    }
)


def refusals(draft: Draft, day: date) -> Iterator[FieldProblem]:
    """Every rule that refuses `draft` on `day`, in a fixed order."""
    yield from _standing(draft, day)
    yield from _right(draft, day)
    yield from _online(draft, day)
    yield from _window(draft, day)
    if draft.other_open:
        yield second_open(draft.version)


def second_open(version: FormVersion) -> FieldProblem:
    """The refusal of a second open application of the same kind for one person."""
    message = Text(
        "この方の同じ種類の申請が審査中です。先の申請の結果を待つか、取り下げてから申請してください。",
        "An application of the same kind for this person is pending: wait for its result, or withdraw it first.",
    )
    return FieldProblem(version.fact_pointer("card_number"), "second-open-application", message)


def same_person(version: FormVersion, receipt_number: str) -> FieldProblem:
    """The hint at a pending application that may be for the same person: only the filer knows whether it is."""
    message = Text(
        "氏名・生年月日・国籍が同じ方の同じ種類の申請（{receipt_number}）が審査中です"
        "。同じ方であれば、二重に申請していないか確認してください。",
        "An application of the same kind ({receipt_number}) for somebody of the same "
        "name, date of birth and nationality is pending. If it is the same person, check "
        "that you do not file twice.",
    ).with_values(receipt_number=receipt_number)
    return FieldProblem(version.fact_pointer("name"), "same-person-open", message)


_STOPPED = {
    "suspended": Text("このアカウントは停止中のため申請できません。", "This account is suspended and may not file."),
    "closed": Text("このアカウントは終了しているため申請できません。", "This account is closed and may not file."),
    "expired": Text(
        "利用者登録の有効期限が切れています。過去の申請は閲覧できますが、新たに申請するには更新が必要です。",
        "The registration has expired: past applications can be read, but filing needs its renewal.",
    ),
}


def lapsed() -> FieldProblem:
    """The refusal of a filing under a registration that is over, whatever else the account may still do."""
    return FieldProblem("", "account-expired", _STOPPED["expired"])


def _standing(draft: Draft, day: date) -> Iterator[FieldProblem]:
    state, valid_until = draft.standing.state, draft.standing.valid_until
    if state is None:
        message = Text(
            "利用者登録の情報がまだ届いていません。少し待ってからもう一度お試しください。",
            "Your registration has not reached this service yet: try again in a moment.",
        )
        yield FieldProblem("", "account-unknown", message)
    elif state != "active":
        yield FieldProblem("", f"account-{state}", _STOPPED[state])
    elif valid_until is not None and valid_until < day:
        yield FieldProblem("", "account-expired", _STOPPED["expired"])


def _right(draft: Draft, day: date) -> Iterator[FieldProblem]:
    circumstances = Circumstances(
        status=draft.status_of_residence,
        activity=draft.activity,
        age=age_on(draft.fact("birth_date"), day),
        unable=draft.fact("unable") is True,
        stay=draft.fact("present_period"),
        entrusted=draft.fact("support_entrusted"),
    )
    reason = objection(draft.role, draft.procedure, day, circumstances)
    # A relative's right hangs on the applicant's age: as long as it is not entered, nothing is refused.
    if reason is not None and draft.fact("birth_date"):
        yield FieldProblem("", "role-may-not-file", reason)


def _online(draft: Draft, day: date) -> Iterator[FieldProblem]:
    status, procedure, present = draft.status_of_residence, draft.procedure, draft.fact("present_status")
    if not may_be_filed_online(status, procedure, day, activity=draft.activity, present_status=present):
        rule = exclusion(status, procedure, day, activity=draft.activity, present_status=present)
        message = Text(
            "この在留資格・手続はオンラインでは申請できません。窓口で申請してください。",
            "This status and procedure cannot be filed online: please go to the counter.",
        )
        where = draft.version.fact_pointer("present_status")
        yield FieldProblem(where, "not-online", rule.reason if rule else message)
    yield from combination_problems(procedure, status, draft.combined_with, day)


def _window(draft: Draft, day: date) -> Iterator[FieldProblem]:
    expiry, cause_on = _believable(draft.fact("stay_expiry")), _believable(draft.fact("cause_on"))
    period = draft.fact("present_period")
    granted_on = stay_began_on(expiry, period) if expiry and period else None
    window = filing_window(draft.procedure, day, expiry=expiry, granted_on=granted_on, cause_on=cause_on)
    late = window.closes is not None and day > window.closes
    if late and cause_on and window.event == "cause":
        message = Text(
            "取得の事由が生じた日から30日以内（{closes}まで）の申請ではないため、オンラインでは申請できません。"
            "{needed_after}を過ぎて在留するには在留資格が必要です。直ちに窓口にご相談ください。",
            "It had to be filed within 30 days of the cause, by {closes}, so it cannot be filed online. "
            "A status is needed to stay after {needed_after}: go to the counter at once.",
        ).with_values(closes=window.closes, needed_after=status_needed_after(cause_on))
        yield FieldProblem(draft.version.fact_pointer("cause_on"), "acquisition-late", message)
    elif late:
        message = Text(
            "在留期間の満了日（{expiry}）を過ぎているため、オンラインでは申請できません。"
            "直ちに最寄りの地方出入国在留管理局の窓口にご相談ください。",
            "The stay ended on {expiry}, so it cannot be filed online: go to the counter "
            "of the regional immigration office at once.",
        ).with_values(expiry=expiry)
        yield FieldProblem(draft.version.fact_pointer("stay_expiry"), "stay-expired", message)
    if window.event == "stay" and window.opens is not None and day < window.opens:
        message = Text(
            "在留期間の更新は{opens}から申請できます。", "This extension can be filed from {opens} on."
        ).with_values(opens=window.opens)
        yield FieldProblem(draft.version.fact_pointer("stay_expiry"), "too-early", message)


def _believable(value: str | None) -> date | None:
    found = parse_day(value)
    return found if found is not None and is_believable(found) else None
