"""Mails about usage registrations, accounts and periodic reports."""

from datetime import date, datetime
from urllib.parse import urlsplit

from services.notification.channels.mail.content.facts import NAMELESS, Content, Dated, Facts, Item, Name
from shared.errors import Text
from shared.events.registration import (
    AccountActivated,
    AccountClosed,
    AccountLocked,
    AccountSuspended,
    ClientExpiring,
    CredentialChanged,
    EmailChanged,
    EmailChangeRequested,
    LoginIdReminded,
    NewDeviceSignIn,
    PasswordExpiring,
    PasswordResetRequested,
    PeriodicReportApproved,
    PeriodicReportRejected,
    PeriodicReportReturned,
    PeriodicReportSubmitted,
    RegistrationExpired,
    RegistrationExpiring,
    UsageRegistrationApproved,
    UsageRegistrationRejected,
    UsageRegistrationReturned,
    UsageRegistrationSubmitted,
)
from shared.events.registration_drafts import UsageRegistrationDraftExpiring, UsageRegistrationDraftLinkSent
from shared.reference.user_classes import USER_CLASSES

_PERSONAL = frozenset(row.role for row in USER_CLASSES.rows if row.registers_by == "identity")


class Received(Content):
    receipt_number: str
    received_at: datetime
    user_class: Name = NAMELESS
    personal: bool = False  # registered as a person (利用者登録), and not for an organisation (利用申出)


class Returned(Content):
    receipt_number: str
    items: tuple[Item, ...]
    link: str | None = None  # None: an older event, or a report
    link_expires_at: datetime | None = None
    user_class: Name = NAMELESS
    personal: bool = False


class Approved(Content):
    receipt_number: str
    valid_until: date
    link: str
    link_expires_at: datetime
    personal: bool  # with a proved identity: confirms the address; a password is optional
    usable: bool = False  # the account can sign in already
    user_class: Name = NAMELESS


class Rejected(Content):
    receipt_number: str
    reason: str
    user_class: Name = NAMELESS
    personal: bool = False


class DraftExpiring(Content):
    link: str
    deleted_on: date


class Activated(Content):
    login_id: str
    valid_until: date | None
    user_class: Name = NAMELESS


class LoginId(Content):
    login_id: str


class At(Content):
    at: datetime


class Change(Content):
    what: Name
    at: datetime


class Reset(Content):
    link: str
    link_expires_at: datetime


class Expiring(Content):
    expires_on: date
    days_left: int


class ClientEnding(Content):
    name: str
    at: datetime


class ReportApproved(Content):
    receipt_number: str
    valid_until: date
    user_class: Name = NAMELESS


class Ending(Dated):
    valid_until: date
    report_due_on: date
    personal: bool  # renewed by registering again, without a report
    user_class: Name = NAMELESS


class Ended(Content):
    valid_until: date
    user_class: Name = NAMELESS


def usage_registration_received(event: UsageRegistrationSubmitted, facts: Facts) -> Received:
    return Received(
        receipt_number=event.receipt_number,
        received_at=event.submitted_at,
        user_class=facts.user_class(event.role),
        personal=event.role in _PERSONAL,
    )


def usage_registration_returned(event: UsageRegistrationReturned, facts: Facts) -> Returned:
    return Returned(
        receipt_number=event.receipt_number,
        items=facts.items(event.items),
        link=facts.open(event.sealed_link) if event.sealed_link else None,
        link_expires_at=event.link_expires_at,
        user_class=facts.user_class(event.role),
        personal=event.role in _PERSONAL,
    )


def usage_registration_approved(event: UsageRegistrationApproved, facts: Facts) -> Approved:
    link = facts.open(event.sealed_link)
    return Approved(
        receipt_number=event.receipt_number,
        valid_until=event.valid_until,
        link=link,
        link_expires_at=event.link_expires_at,
        personal=event.role in _PERSONAL,
        # An account that can sign in already gets the address of a page in place of a one-time link.
        usable=urlsplit(link).path in ("", "/", "/sign-in"),
        user_class=facts.user_class(event.role),
    )


def usage_registration_rejected(event: UsageRegistrationRejected, facts: Facts) -> Rejected:
    return Rejected(
        receipt_number=event.receipt_number,
        reason=facts.open(event.sealed_reason),
        user_class=facts.user_class(event.role),
        personal=event.role in _PERSONAL,
    )


def draft_link(event: UsageRegistrationDraftLinkSent, facts: Facts) -> Reset:
    return Reset(link=facts.open(event.sealed_link), link_expires_at=event.link_expires_at)


def draft_expiring(event: UsageRegistrationDraftExpiring, facts: Facts) -> DraftExpiring:
    return DraftExpiring(link=facts.open(event.sealed_link), deleted_on=event.deleted_on)


def account_activated(event: AccountActivated, facts: Facts) -> Activated:
    return Activated(
        login_id=facts.open(event.sealed_login_id),
        valid_until=event.valid_until,
        user_class=facts.user_class(event.role),
    )


def email_changed(event: EmailChanged, facts: Facts) -> At:
    return At(at=event.changed_at)


def email_change_requested(event: EmailChangeRequested, facts: Facts) -> Reset:
    return Reset(link=facts.open(event.sealed_link), link_expires_at=event.link_expires_at)


def login_id_reminded(event: LoginIdReminded, facts: Facts) -> LoginId:
    return LoginId(login_id=facts.open(event.sealed_login_id))


def password_reset(event: PasswordResetRequested, facts: Facts) -> Reset:
    return Reset(link=facts.open(event.sealed_link), link_expires_at=event.link_expires_at)


def password_expiring(event: PasswordExpiring, facts: Facts) -> Expiring:
    return Expiring(expires_on=event.expires_on, days_left=event.days_left)


def client_expiring(event: ClientExpiring, facts: Facts) -> ClientEnding:
    return ClientEnding(name=facts.open(event.sealed_name), at=event.expires_at)


def account_locked(event: AccountLocked, facts: Facts) -> At:
    return At(at=event.until)


# The subject of the mail. A change that is not known here yet still leads to one.
_OTHER_CHANGE = Text("ログインに関する設定を変更しました", "Sign-in details changed")
_CHANGES = {
    "password_changed": Text("パスワードを変更しました", "Password changed"),
    "second_factor_added": Text("二要素認証を設定しました", "Two-factor authentication set up"),
    "second_factor_removed": Text("二要素認証を解除しました", "Two-factor authentication removed"),
    "recovery_codes_renewed": Text("リカバリーコードを再発行しました", "New recovery codes issued"),
    "recovery_code_used": Text("リカバリーコードが使用されました", "Recovery code used"),
    "client_created": Text("外部システムを登録しました", "Connected system registered"),
    "client_changed": Text("外部システムの登録内容を変更しました", "Connected system changed"),
    "client_secret_added": Text("外部システムのシークレットを追加しました", "Connected system: secret added"),
    "client_revoked": Text("外部システムの登録を終了しました", "Connected system removed"),
    "outside_system_authorized": Text(
        "外部システムによる代理操作を許可しました", "Connected system allowed to act for you"
    ),
    "outside_system_token_reused": Text(
        "外部システムへの許可を終了しました（同じトークンが2回使用されたため）",
        "Connected system can no longer act for you (one of its tokens was used twice)",
    ),
    "identity_linked": Text("本人確認サービスと連携しました", "Identity provider linked"),
    "identity_unlinked": Text("本人確認サービスとの連携を解除しました", "Identity provider unlinked"),
}


def credential_changed(event: CredentialChanged, facts: Facts) -> Change:
    return Change(what=Name.of(_CHANGES.get(event.change, _OTHER_CHANGE)), at=event.changed_at)


def new_device(event: NewDeviceSignIn, facts: Facts) -> At:
    return At(at=event.signed_in_at)


def account_suspended(event: AccountSuspended, facts: Facts) -> At:
    return At(at=event.suspended_at)


def account_closed(event: AccountClosed, facts: Facts) -> At:
    return At(at=event.closed_at)


def periodic_report_received(event: PeriodicReportSubmitted, facts: Facts) -> Received:
    return Received(
        receipt_number=event.receipt_number, received_at=event.submitted_at, user_class=facts.user_class(event.role)
    )


def periodic_report_approved(event: PeriodicReportApproved, facts: Facts) -> ReportApproved:
    return ReportApproved(
        receipt_number=event.receipt_number,
        valid_until=event.valid_until,
        user_class=facts.user_class(event.role),
    )


def periodic_report_returned(event: PeriodicReportReturned, facts: Facts) -> Returned:
    return Returned(
        receipt_number=event.receipt_number,
        items=facts.items(event.items),
        user_class=facts.user_class(event.role),
    )


def periodic_report_rejected(event: PeriodicReportRejected, facts: Facts) -> Rejected:
    return Rejected(
        receipt_number=event.receipt_number,
        reason=facts.open(event.sealed_reason),
        user_class=facts.user_class(event.role),
    )


def registration_expiring(event: RegistrationExpiring, facts: Facts) -> Ending:
    return Ending(
        valid_until=event.valid_until,
        report_due_on=event.report_due_on,
        personal=event.role in _PERSONAL,
        user_class=facts.user_class(event.role),
        entry_key=str(event.usage_registration_id),
        said_at=facts.start_of_day,
    )


def registration_expired(event: RegistrationExpired, facts: Facts) -> Ended:
    return Ended(valid_until=event.valid_until, user_class=facts.user_class(event.role))
