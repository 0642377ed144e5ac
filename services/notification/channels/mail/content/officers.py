"""Messages to officers: about their accounts, and about the cases that they have."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.notification.channels.mail.content.facts import Content, Facts, Name
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

    what: Name
    to_do: Name
    at: str


_NEWS: dict[type[Event], _News] = {
    AdditionalDocumentsSubmitted: _News(
        Name(ja="追加資料が提出されました", en="Additional documents submitted"),
        Name(ja="資料を確認し、審査を続けてください。", en="Check them and continue the examination."),
        "submitted_at",
    ),
    MoreTimeRequested: _News(
        Name(ja="提出期限の延長の申出がありました", en="More time requested"),
        Name(ja="延長するかどうかを決めてください。", en="Agree or decline."),
        "requested_at",
    ),
    CorrectionRequested: _News(
        Name(ja="訂正の申出がありました", en="Correction requested"),
        Name(ja="訂正を認めるかどうかを決めてください。", en="Agree or decline."),
        "requested_at",
    ),
    ApplicantMoved: _News(
        Name(ja="住所変更の届出がありました", en="Applicant has a new address"),
        Name(ja="管轄する官署が変わるかどうかを確認してください。", en="Check whether another office is in charge."),
        "stated_at",
    ),
    ApplicationWithdrawn: _News(
        Name(ja="申請が取り下げられました", en="Application withdrawn"),
        Name(ja="案件は終了しました。対応は不要です。", en="The case is closed. There is nothing to do."),
        "withdrawn_at",
    ),
}
_LOOK = Name(ja="案件を確認してください。", en="Open the case.")
# Deadlines as the queue names them; one that is not known here yet still leads to a message.
_OTHER_DEADLINE = Name(ja="期限のお知らせ", en="Deadline near or over")
_DEADLINES = {
    "standard_exceeded": Name(ja="標準処理期間を超えました", en="Standard period exceeded"),
    "special_14": Name(ja="特例期間が14日以内に終わります", en="Special period ends within 14 days"),
    "special_7": Name(ja="特例期間が7日以内に終わります", en="Special period ends within 7 days"),
    "special_1": Name(ja="特例期間が1日以内に終わります", en="Special period ends within a day"),
    "special_ended": Name(ja="特例期間が終わりました", en="Special period is over"),
    "documents_overdue": Name(ja="追加資料の提出期限を過ぎました", en="Additional documents overdue"),
    "production_late": Name(ja="カードの作成が遅れています", en="Card not made in time"),
    "mailing_late": Name(ja="カードの発送が遅れています", en="Card not mailed in time"),
}
# A reason that is not known here yet still leads to a mail.
_OTHER_REASON = Name(ja="職員アカウントの変更", en="Officer account changed")
_REASONS = {
    "roles_changed": Name(ja="権限の変更", en="Roles changed"),
    "office_changed": Name(ja="所属官署の変更", en="Office changed"),
    "suspension_lifted": Name(ja="利用停止の解除", en="Suspension ended"),
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
        what=_REASONS.get(event.reason_code, _OTHER_REASON),
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
        what=news.what,
        to_do=news.to_do,
        receipt_number=of.receipt_number,
        procedure=facts.procedure_name(),
        at=getattr(event, news.at),
    )
