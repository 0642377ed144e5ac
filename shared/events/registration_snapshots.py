"""Facts of registration sent again: accounts, categories of organisations, and submissions with files."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.events.base import Event, Part
from shared.events.fields import (
    AccountId,
    CategoryCode,
    Day,
    DocumentId,
    Moment,
    OfficeCode,
    OfficerRoleCode,
    OrganisationId,
    PeriodicReportId,
    Recipient,
    RoleCode,
    UsageRegistrationId,
)
from shared.events.registration import AccountEvent, OrganisationEvent, UsageRegistrationEvent
from shared.events.snapshots import SnapshotAnnounced, SnapshotPage, SnapshotRow


class HeldMembership(Part):
    """A membership that lets an account act in a role for an organisation; without one, for nobody else."""

    organisation_id: OrganisationId | None = None
    role: RoleCode
    valid_until: Day | None = None


class AccountSnapshot(SnapshotRow):
    """The present facts of an account."""

    key_fields: ClassVar[tuple[str, ...]] = AccountEvent.key_fields
    record_field: ClassVar[str] = "account_id"

    account_id: AccountId
    is_officer: Annotated[bool, Field(description="an officer's account", examples=[False])]
    state: Annotated[
        Literal["registered", "active", "suspended", "closed"],
        Field(description="registered: known, and not used yet", examples=["active"]),
    ]
    memberships: Annotated[tuple[HeldMembership, ...], Field(description="of a person: those that are not over")] = ()
    roles: Annotated[
        tuple[OfficerRoleCode, ...], Field(description="of an officer: those in force", examples=[[]])
    ] = ()
    office: Annotated[
        OfficeCode | None,
        Field(description="of an officer; of a person that of the last registration", examples=["TYO"]),
    ] = None
    recipient: Annotated[Recipient | None, Field(description="null: no address, or closed")] = None
    taken_at: Moment


class AccountSnapshotPage(SnapshotPage):
    """The present facts of accounts, sent again; nothing has happened to them.

    By: registration, when an operator orders a snapshot of its accounts.
    For: application and document (rebuild who may file), notification (rebuilds the address book).
    """

    topic: ClassVar[str] = "registration.events"
    row: ClassVar[type[SnapshotRow]] = AccountSnapshot

    rows: tuple[AccountSnapshot, ...]


class AccountSnapshotAnnounced(SnapshotAnnounced):
    """A snapshot of the accounts begins, is complete, or was stopped.

    By: registration, around the rows of the snapshot.
    For: application and document (rebuild who may file), notification (rebuilds the address book).
    """

    topic: ClassVar[str] = "registration.events"


class CategoryFrom(Part):
    """The category of an organisation from a day on."""

    category: CategoryCode
    treated_as: Annotated[CategoryCode, Field(description="category whose documents are asked", examples=["CAT2"])]
    valid_from: Day


class OrganisationSnapshot(SnapshotRow):
    """The categories of an organisation as they were reported."""

    key_fields: ClassVar[tuple[str, ...]] = OrganisationEvent.key_fields
    record_field: ClassVar[str] = "organisation_id"

    organisation_id: OrganisationId
    categories: tuple[CategoryFrom, ...]


class OrganisationSnapshotPage(SnapshotPage):
    """The categories of organisations as they were reported, sent again; nothing has happened to them.

    By: registration, when an operator orders a snapshot of its organisations.
    For: application (rebuilds which documents are required).
    """

    topic: ClassVar[str] = "registration.events"
    row: ClassVar[type[SnapshotRow]] = OrganisationSnapshot

    rows: tuple[OrganisationSnapshot, ...]


class OrganisationSnapshotAnnounced(SnapshotAnnounced):
    """A snapshot of the organisations begins, is complete, or was stopped.

    By: registration, around the rows of the snapshot.
    For: application (rebuilds which documents are required).
    """

    topic: ClassVar[str] = "registration.events"


class SubmittedFiles(Part):
    """The part of a submission that others keep: its files, the office that examines it, and when it ends."""

    document_ids: tuple[DocumentId, ...]
    office: OfficeCode
    ends_at: Annotated[Moment | None, Field(description="end of its term, or its rejection; null: not decided")] = None


class UsageRegistrationSnapshot(SnapshotRow):
    """The present facts of a usage registration."""

    key_fields: ClassVar[tuple[str, ...]] = UsageRegistrationEvent.key_fields
    record_field: ClassVar[str] = "usage_registration_id"

    usage_registration_id: UsageRegistrationId
    submitted: SubmittedFiles
    taken_at: Moment


class UsageRegistrationSnapshotPage(SnapshotPage):
    """The present facts of usage registrations, sent again; nothing has happened to them.

    By: registration, when an operator orders a snapshot of its usage registrations.
    For: document (rebuilds which files are filed with them, who sees them and how long they stay).
    """

    topic: ClassVar[str] = "registration.events"
    row: ClassVar[type[SnapshotRow]] = UsageRegistrationSnapshot

    rows: tuple[UsageRegistrationSnapshot, ...]


class UsageRegistrationSnapshotAnnounced(SnapshotAnnounced):
    """A snapshot of the usage registrations begins, is complete, or was stopped.

    By: registration, around the rows of the snapshot.
    For: document (rebuilds which files are filed with them).
    """

    topic: ClassVar[str] = "registration.events"


class PeriodicReportSnapshot(SnapshotRow):
    """The present facts of a periodic report."""

    key_fields: ClassVar[tuple[str, ...]] = OrganisationEvent.key_fields
    record_field: ClassVar[str] = "periodic_report_id"

    organisation_id: OrganisationId
    periodic_report_id: PeriodicReportId
    submitted: SubmittedFiles
    taken_at: Moment


class PeriodicReportSnapshotPage(SnapshotPage):
    """The present facts of periodic reports, sent again; nothing has happened to them.

    By: registration, when an operator orders a snapshot of its periodic reports.
    For: document (rebuilds which files are filed with them, who sees them and how long they stay).
    """

    topic: ClassVar[str] = "registration.events"
    row: ClassVar[type[SnapshotRow]] = PeriodicReportSnapshot

    rows: tuple[PeriodicReportSnapshot, ...]


class PeriodicReportSnapshotAnnounced(SnapshotAnnounced):
    """A snapshot of the periodic reports begins, is complete, or was stopped.

    By: registration, around the rows of the snapshot.
    For: document (rebuilds which files are filed with them).
    """

    topic: ClassVar[str] = "registration.events"


EVENTS: tuple[type[Event], ...] = (
    AccountSnapshotPage,
    AccountSnapshotAnnounced,
    OrganisationSnapshotPage,
    OrganisationSnapshotAnnounced,
    UsageRegistrationSnapshotPage,
    UsageRegistrationSnapshotAnnounced,
    PeriodicReportSnapshotPage,
    PeriodicReportSnapshotAnnounced,
)
