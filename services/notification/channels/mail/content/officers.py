"""Messages to officers: about their accounts, and about the cases that they have."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.notification.channels.mail.content.facts import Content, Facts, Name
from shared.errors import Text
from shared.events.application import (
    AdditionalDocumentsSubmitted,
    ApplicantMoved,
    ApplicationWithdrawn,
    CorrectionRequested,
    MoreTimeRequested,
)
from shared.events.base import Event
from shared.events.registration import OfficerInvited, OfficerRolesChanged
from shared.events.review_allocation import CaseDeadlineReached


class Invited(Content):
    login_id: str
    office: Name
    roles: tuple[Name, ...]
    link: str
    link_expires_at: datetime


class RolesChanged(Content):
    what: Name
    office: Name
    roles: tuple[Name, ...]
    at: datetime


class CaseNews(Content):
    what: Name
    to_do: Name
    receipt_number: str
    procedure: Name
    at: datetime


@dataclass(frozen=True, slots=True)
class _News:
    """Something that happened to a case, what its examiner does next, and the field of the event that says when."""

    what: Text
    to_do: Text
    at: str


_NEWS: dict[type[Event], _News] = {
    AdditionalDocumentsSubmitted: _News(
        Text("追加資料が提出されました", "Additional documents submitted"),
        Text("資料を確認し、審査を続けてください。", "Check them and continue the examination."),
        "submitted_at",
    ),
    MoreTimeRequested: _News(
        Text("提出期限の延長の申出がありました", "More time requested"),
        Text("延長するかどうかを決めてください。", "Agree or decline."),
        "requested_at",
    ),
    CorrectionRequested: _News(
        Text("訂正の申出がありました", "Correction requested"),
        Text("訂正を認めるかどうかを決めてください。", "Agree or decline."),
        "requested_at",
    ),
    ApplicantMoved: _News(
        Text("住所変更の届出がありました", "Applicant has a new address"),
        Text("管轄する官署が変わるかどうかを確認してください。", "Check whether another office is in charge."),
        "stated_at",
    ),
    ApplicationWithdrawn: _News(
        Text("申請が取り下げられました", "Application withdrawn"),
        Text("案件は終了しました。対応は不要です。", "The case is closed. There is nothing to do."),
        "withdrawn_at",
    ),
}
_LOOK = Text("案件を確認してください。", "Open the case.")
# Deadlines as the queue names them; one that is not known here yet still leads to a message.
_OTHER_DEADLINE = Text("期限のお知らせ", "Deadline near or over")
_DEADLINES = {
    "standard_exceeded": Text("標準処理期間を超えました", "Standard period exceeded"),
    "special_14": Text("特例期間が14日以内に終わります", "Special period ends within 14 days"),
    "special_7": Text("特例期間が7日以内に終わります", "Special period ends within 7 days"),
    "special_1": Text("特例期間が1日以内に終わります", "Special period ends within a day"),
    "special_ended": Text("特例期間が終わりました", "Special period is over"),
    "documents_overdue": Text("追加資料の提出期限を過ぎました", "Additional documents overdue"),
    "production_late": Text("カードの作成が遅れています", "Card not made in time"),
    "mailing_late": Text("カードの発送が遅れています", "Card not mailed in time"),
}
# A reason that is not known here yet still leads to a mail.
_OTHER_REASON = Text("職員アカウントの変更", "Officer account changed")
_REASONS = {
    "roles_changed": Text("権限の変更", "Roles changed"),
    "office_changed": Text("所属官署の変更", "Office changed"),
    "suspension_lifted": Text("利用停止の解除", "Suspension ended"),
}


def officer_invited(event: OfficerInvited, facts: Facts) -> Invited:
    return Invited(
        login_id=facts.open(event.sealed_login_id),
        office=facts.office_name(event.office),
        roles=_names(event.roles, facts),
        link=facts.open(event.sealed_link),
        link_expires_at=event.link_expires_at,
    )


def officer_roles_changed(event: OfficerRolesChanged, facts: Facts) -> RolesChanged:
    return RolesChanged(
        what=Name.of(_REASONS.get(event.reason_code, _OTHER_REASON)),
        office=facts.office_name(event.office),
        roles=_names(event.roles, facts),
        at=event.changed_at,
    )


def _names(roles: tuple[str, ...], facts: Facts) -> tuple[Name, ...]:
    return tuple(facts.officer_role_name(role) for role in roles)


def case_news(event: Event, facts: Facts) -> CaseNews:
    of: Any = event
    if isinstance(event, CaseDeadlineReached):
        news = _News(_DEADLINES.get(event.concern, _OTHER_DEADLINE), _LOOK, "noticed_at")
    else:
        news = _NEWS[type(event)]
    return CaseNews(
        what=Name.of(news.what),
        to_do=Name.of(news.to_do),
        receipt_number=of.receipt_number,
        procedure=facts.procedure_name(),
        at=getattr(event, news.at),
    )
