"""Events of the registration service: usage registrations, accounts, organisations."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.events.base import Event
from shared.events.counted import EventsCounted
from shared.events.fields import (
    AccountId,
    CategoryCode,
    ClientId,
    Count,
    CredentialChangeCode,
    Day,
    DocumentId,
    Moment,
    OfficeCode,
    OfficerRoleCode,
    OrganisationId,
    PeriodicReportId,
    ReasonCode,
    ReceiptNumber,
    Recipient,
    RequestedItem,
    RoleCode,
    SealedText,
    UsageRegistrationId,
)


class RegistrationEvent(Event):
    """An event of the registration service."""

    topic: ClassVar[str] = "registration.events"


class UsageRegistrationEvent(RegistrationEvent):
    """An event of one usage registration (利用申出); `organisation_id` is empty for people who act for nobody."""

    key_fields: ClassVar[tuple[str, ...]] = ("usage_registration_id",)

    usage_registration_id: UsageRegistrationId
    account_id: AccountId
    organisation_id: OrganisationId | None = None


class UsageRegistrationSubmitted(UsageRegistrationEvent):
    """A usage registration (利用申出) was submitted, for the first time or again after it was returned.

    By: registration, in the transaction that gives the receipt number.
    For: notification (receipt mail), document (its files are filed).
    """

    role: RoleCode
    office: OfficeCode
    receipt_number: ReceiptNumber
    recipient: Recipient
    submitted_at: Moment
    document_ids: tuple[DocumentId, ...] = ()
    told_by_mail: Annotated[
        bool,
        Field(
            description="false where the address, merely named by somebody, got too many mails recently: it gets none",
            examples=[True],
        ),
    ] = True


class UsageRegistrationReturned(UsageRegistrationEvent):
    """An officer sent a usage registration back for correction.

    By: registration, when the approving officer returns it with the items to correct.
    For: notification (mail that lists the items, with the link to the page where they are corrected).
    """

    receipt_number: ReceiptNumber
    items: tuple[RequestedItem, ...]
    recipient: Recipient
    returned_at: Moment
    sealed_link: SealedText | None = None
    link_expires_at: Moment | None = None
    role: Annotated[RoleCode | None, Field(description="of the registration", examples=["org_staff"])] = None


class UsageRegistrationApproved(UsageRegistrationEvent):
    """A usage registration was approved; the person may now set a password with the one-time link.

    By: registration, when the officer approves it.
    For: notification (mail with the link), document (how long its files stay).
    """

    role: RoleCode
    receipt_number: ReceiptNumber
    approved_at: Moment
    valid_until: Day
    sealed_link: SealedText
    link_expires_at: Moment
    recipient: Recipient


class UsageRegistrationRejected(UsageRegistrationEvent):
    """A usage registration was refused.

    By: registration, when the officer refuses it.
    For: notification (mail with the reason), document (how long its files stay).
    """

    receipt_number: ReceiptNumber
    reason_code: ReasonCode
    sealed_reason: SealedText
    recipient: Recipient
    rejected_at: Moment
    role: Annotated[RoleCode | None, Field(description="of the registration", examples=["org_staff"])] = None


class AccountEvent(RegistrationEvent):
    """An event of one account."""

    key_fields: ClassVar[tuple[str, ...]] = ("account_id",)

    account_id: AccountId


class AccountActivated(AccountEvent):
    """An account can be used: its password was set, a role was added, or a suspension ended.

    By: registration, when the one-time link is used, and whenever the account's roles or validity change.
    For: application and document (who may file), notification (address book, welcome mail).
    """

    usage_registration_id: UsageRegistrationId | None = None
    organisation_id: OrganisationId | None = None
    role: RoleCode
    roles: tuple[RoleCode, ...]
    valid_until: Day | None = None
    sealed_login_id: SealedText
    recipient: Recipient
    activated_at: Moment
    told_by_mail: Annotated[
        bool,
        Field(description="false where another event of the same moment brings the mail", examples=[True]),
    ] = True


class EmailChanged(AccountEvent):
    """The mail address of a person's or an officer's account changed.

    `recipient_old` is the new one again where an officer had no address before.

    By: registration, when the new address is confirmed.
    For: notification (warns the old address, uses the new one from now on).
    """

    recipient_new: Recipient
    recipient_old: Recipient
    changed_at: Moment


class EmailChangeRequested(AccountEvent):
    """Another mail address was asked for, by its person or for an officer; it changes when the link sent there is used.

    By: registration, at that command.
    For: notification (mail with the one-time link to the new address).
    """

    sealed_link: SealedText
    link_expires_at: Moment
    recipient: Recipient
    requested_at: Moment


class LoginIdReminded(AccountEvent):
    """Somebody forgot the login id of this account and named its mail address.

    By: registration, when the form names an address that an account has.
    For: notification (mail with the login id).
    """

    sealed_login_id: SealedText
    recipient: Recipient
    reminded_at: Moment


class PasswordResetRequested(AccountEvent):
    """Somebody asked for a new password for this account.

    By: registration, when the reset form names an account that exists.
    For: notification (mail with the one-time link).
    """

    sealed_link: SealedText
    link_expires_at: Moment
    recipient: Recipient
    requested_at: Moment


class PasswordExpiring(AccountEvent):
    """A password ends soon, where the site's policy lets passwords end.

    By: registration's daily job, on each of the reminder days before the end.
    For: notification (reminder).
    """

    expires_on: Day
    days_left: Count
    recipient: Recipient


class ClientExpiring(AccountEvent):
    """An API client that the account registered ends soon.

    By: registration's hourly job, 30 and 7 days before the end.
    For: notification (reminder).
    """

    client_id: ClientId
    sealed_name: SealedText
    expires_at: Moment
    recipient: Recipient


class AccountLocked(AccountEvent):
    """Sign-in was refused too often; the account is locked for a while.

    By: registration, at the failed attempt that reaches the limit.
    For: notification (warning to the owner).
    """

    until: Moment
    recipient: Recipient
    locked_at: Moment


class CredentialChanged(AccountEvent):
    """A credential of a person, or of an API client, was changed or used up: the password, the second factor,
    a recovery code, a client, its scopes.

    By: registration, at that command.
    For: notification (informs the owner, who may not have done it; stops the webhooks of a client that was ended).
    """

    change: CredentialChangeCode
    client_id: ClientId | None = None
    recipient: Recipient
    changed_at: Moment


class NewDeviceSignIn(AccountEvent):
    """Somebody signed in with a device that this account was not used with recently.

    By: registration, when such a session begins.
    For: notification (informs the owner, who may not have done it).
    """

    recipient: Recipient
    signed_in_at: Moment


class AccountSuspended(AccountEvent):
    """An account was stopped by an officer or an administrator.

    By: registration, at that command; not for an officer without a mail address, as officers file nothing and every
    service learns of the end of their sessions anyway.
    For: application and document (no more filing), notification (mail).
    """

    reason_code: ReasonCode
    recipient: Recipient
    suspended_at: Moment


class MembershipEnded(AccountEvent):
    """A person acts for an organisation (or as a professional) in a role no longer, before its term was over (離職).

    By: registration, when the person leaves or an officer ends the membership.
    For: application and notification (who is a colleague; webhooks for which the person answers stop).
    """

    organisation_id: OrganisationId | None = None
    role: RoleCode
    reason_code: ReasonCode
    ended_at: Moment


class AccountClosed(AccountEvent):
    """An account ended for good: the person left, or asked for it.

    By: registration, at that command.
    For: application and document (no more filing), notification (last mail, forget address).
    """

    reason_code: ReasonCode
    recipient: Recipient | None = None
    closed_at: Moment


class OfficerInvited(AccountEvent):
    """An officer's account waits for its owner, who sets a password with the one-time link.

    By: registration, when an administrator invites an officer, does so again, or resets their second factor.
    For: notification (mail with the link and the login id).
    """

    office: OfficeCode
    roles: tuple[OfficerRoleCode, ...]
    sealed_login_id: SealedText
    sealed_link: SealedText
    link_expires_at: Moment
    recipient: Recipient
    invited_at: Moment


class OfficerRolesChanged(AccountEvent):
    """An officer's rights have changed; `roles` and `office` are those from now on.

    By: registration, when an administrator grants or revokes roles, moves the officer to another office, or lifts a
    suspension (`reason_code` says which).
    For: notification (mail to the officer).
    """

    reason_code: ReasonCode
    office: OfficeCode
    roles: tuple[OfficerRoleCode, ...]
    recipient: Recipient | None = None
    changed_at: Moment


class OrganisationEvent(RegistrationEvent):
    """An event of one organisation."""

    key_fields: ClassVar[tuple[str, ...]] = ("organisation_id",)

    organisation_id: OrganisationId


class PeriodicReportSubmitted(OrganisationEvent):
    """An organisation submitted its periodic report (定期報告); `account_id` filed it.

    By: registration, in the transaction that gives the receipt number.
    For: notification (receipt mail), document (its files are filed).
    """

    periodic_report_id: PeriodicReportId
    account_id: AccountId
    receipt_number: ReceiptNumber
    recipient: Recipient
    submitted_at: Moment
    document_ids: tuple[DocumentId, ...] = ()
    role: Annotated[RoleCode | None, Field(description="of the registration", examples=["org_staff"])] = None
    office: Annotated[OfficeCode | None, Field(description="that examines it", examples=["TYO"])] = None


class PeriodicReportApproved(OrganisationEvent):
    """A periodic report was accepted; the organisation's registrations go on until `valid_until`.

    By: registration, when the officer accepts it.
    For: notification (mail), document (how long its files stay).
    """

    periodic_report_id: PeriodicReportId
    account_id: AccountId
    receipt_number: ReceiptNumber
    approved_at: Moment
    valid_until: Day
    recipient: Recipient
    role: Annotated[RoleCode | None, Field(description="of the registration", examples=["org_staff"])] = None


class PeriodicReportReturned(OrganisationEvent):
    """An officer sent a periodic report back for correction.

    By: registration, when the officer returns it with the items to correct.
    For: notification (mail that lists the items, to the person who filed it).
    """

    periodic_report_id: PeriodicReportId
    account_id: AccountId
    receipt_number: ReceiptNumber
    items: tuple[RequestedItem, ...]
    recipient: Recipient
    returned_at: Moment
    role: Annotated[RoleCode | None, Field(description="of the registration", examples=["org_staff"])] = None


class PeriodicReportRejected(OrganisationEvent):
    """A periodic report was refused; the organisation's registrations end on their day unless another is accepted.

    By: registration, when the officer refuses it.
    For: notification (mail with the reason, to the person who filed it), document (how long its files stay).
    """

    periodic_report_id: PeriodicReportId
    account_id: AccountId
    receipt_number: ReceiptNumber
    reason_code: ReasonCode
    sealed_reason: SealedText
    recipient: Recipient
    rejected_at: Moment
    role: Annotated[RoleCode | None, Field(description="of the registration", examples=["org_staff"])] = None


class RegistrationExpiring(UsageRegistrationEvent):
    """A registration ends soon; the organisation has to report in time.

    By: registration's daily job, on each of the reminder days before the end.
    For: notification (reminder).
    """

    role: RoleCode
    valid_until: Day
    report_due_on: Day
    recipient: Recipient


class RegistrationExpired(UsageRegistrationEvent):
    """A registration ended without an accepted report; signing in for this role is refused.

    By: registration's daily job, on the day after `valid_until`.
    For: application (no more filing in this role), notification (mail).
    """

    role: RoleCode
    valid_until: Day
    expired_at: Moment
    recipient: Recipient
    roles_left: Annotated[
        tuple[RoleCode, ...] | None,
        Field(description="roles that the account still has elsewhere; null: not said", examples=[[]]),
    ] = None


class OrganisationCategoryChanged(OrganisationEvent):
    """An organisation has another category, or is treated as another (カテゴリー).

    By: registration, when an officer records proof, a usage registration or a periodic report is approved, or ends.
    For: application (which documents are required).
    """

    category: CategoryCode
    treated_as: Annotated[CategoryCode, Field(description="category whose documents are asked", examples=["CAT2"])]
    valid_from: Day
    reason: ReasonCode


class RegistrationEventsCounted(EventsCounted):
    """The events of registration in one hour were counted.

    By: registration, every hour, when all of them were sent.
    For: application, document, notification (each compares with what its group has seen).
    """

    topic: ClassVar[str] = "registration.events"


EVENTS: tuple[type[Event], ...] = (
    UsageRegistrationSubmitted,
    UsageRegistrationReturned,
    UsageRegistrationApproved,
    UsageRegistrationRejected,
    AccountActivated,
    EmailChangeRequested,
    EmailChanged,
    LoginIdReminded,
    PasswordResetRequested,
    PasswordExpiring,
    AccountLocked,
    ClientExpiring,
    CredentialChanged,
    NewDeviceSignIn,
    AccountSuspended,
    MembershipEnded,
    AccountClosed,
    OfficerInvited,
    OfficerRolesChanged,
    PeriodicReportSubmitted,
    PeriodicReportReturned,
    PeriodicReportApproved,
    PeriodicReportRejected,
    RegistrationExpiring,
    RegistrationExpired,
    OrganisationCategoryChanged,
    RegistrationEventsCounted,
)
