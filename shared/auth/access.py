"""Access to records: which officer reads which kind of record, of which offices, and what belongs to an applicant.

The table is the one rule for cases, forms, files, registrations and messages; every service asks it with the office of
the record, which it knows by events. A record that was not submitted has no office yet, and no officer sees it. What a
caller may not see does not exist for them: the answer is `NotFound`, as for an id that was never given.

    if not sees(work.actor, Record.CASE, case.office):
        raise NotFound()
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from shared.auth.actor import Actor, Role


class Record(StrEnum):
    """Kinds of records that hold what people stated to the office, or what the office wrote about them."""

    CASE = "case"
    SAME_PERSON = "same_person"  # beside a case: other applications for its applicant, at any office
    APPLICATION = "application"  # the form
    APPLICATION_FILE = "application_file"
    USAGE_REGISTRATION = "usage_registration"  # 利用申出
    USAGE_REGISTRATION_FILE = "usage_registration_file"
    PERIODIC_REPORT = "periodic_report"  # 定期報告
    PERIODIC_REPORT_FILE = "periodic_report_file"
    ORGANISATION = "organisation"  # with its category and the proof of it
    ORGANISATION_RECORD = "organisation_record"  # beside a case: until when it is registered, category, reports
    ACCOUNT = "account"  # of a person
    NOTIFICATION = "notification"
    BROADCAST = "broadcast"  # a notice to many, before and after it is sent
    OFFICER = "officer"
    JOURNAL = "journal"


class Reach(StrEnum):
    """The offices whose records an officer sees."""

    OWN_OFFICE = "own_office"
    EVERY_OFFICE = "every_office"
    EVERY_FROM_AN_OFFICE = "every_from_an_office"  # every office's, for an officer who belongs to one


_OWN, _EVERY = Reach.OWN_OFFICE, Reach.EVERY_OFFICE
_EXAMINING = {Role.RECEPTION: _OWN, Role.EXAMINER: _OWN, Role.CHIEF_EXAMINER: _OWN, Role.CARD_OFFICE: _OWN}
_APPROVING = {Role.USER_APPROVAL: _OWN}

# A record that is not in the table is not seen. The reasons of each row: docs/officers.md, "Who sees which record".
OFFICERS: Mapping[Record, Mapping[Role, Reach]] = MappingProxyType(
    {
        Record.CASE: {
            Role.EXAMINER: _OWN,
            Role.CHIEF_EXAMINER: _OWN,
            Role.CARD_OFFICE: _OWN,
            Role.AUDITOR: _EVERY,
        },
        Record.SAME_PERSON: {Role.EXAMINER: _OWN, Role.CHIEF_EXAMINER: _OWN, Role.AUDITOR: _EVERY},
        Record.APPLICATION: _EXAMINING,
        Record.APPLICATION_FILE: _EXAMINING,
        Record.USAGE_REGISTRATION: _APPROVING,
        Record.USAGE_REGISTRATION_FILE: _APPROVING,
        Record.PERIODIC_REPORT: _APPROVING,
        Record.PERIODIC_REPORT_FILE: _APPROVING,
        Record.ORGANISATION: {Role.USER_APPROVAL: _OWN, Role.AUDITOR: _EVERY},
        # An organisation files at any office, and its record names no person.
        Record.ORGANISATION_RECORD: {
            Role.EXAMINER: Reach.EVERY_FROM_AN_OFFICE,
            Role.CHIEF_EXAMINER: Reach.EVERY_FROM_AN_OFFICE,
            Role.USER_APPROVAL: _OWN,
            Role.AUDITOR: _EVERY,
        },
        Record.ACCOUNT: _APPROVING,
        Record.NOTIFICATION: {Role.OPERATOR: _EVERY, Role.AUDITOR: _EVERY},
        Record.BROADCAST: {Role.OPERATOR: _EVERY},
        Record.OFFICER: {Role.ADMINISTRATOR: _EVERY, Role.AUDITOR: _EVERY},
        Record.JOURNAL: {Role.AUDITOR: _EVERY},
    }
)


def readers(*records: Record) -> tuple[Role, ...]:
    """The officers' roles that read any of `records`, for the permission of a route."""
    return tuple(role for role in Role if any(role in OFFICERS[record] for record in records))


def sees(actor: Actor, record: Record, office: str | None) -> bool:
    """Whether an officer sees a record of `office`. None: it was not submitted, or its office is not known."""
    if actor.kind != "officer" or office is None:
        return False
    scope = scope_of(actor, record)
    return scope.everywhere or scope.office == office


@dataclass(frozen=True, slots=True)
class Scope:
    """The offices whose records of one kind an officer sees: `everywhere`, one `office`, or none."""

    everywhere: bool = False
    office: str | None = None

    @property
    def nothing(self) -> bool:
        return not self.everywhere and self.office is None


def scope_of(actor: Actor, record: Record) -> Scope:
    """The offices to which a list of `record` is narrowed for this officer."""
    if actor.kind != "officer":
        return Scope()
    reaches = {reach for role, reach in OFFICERS[record].items() if role in actor.roles}
    if Reach.EVERY_OFFICE in reaches or (Reach.EVERY_FROM_AN_OFFICE in reaches and actor.office is not None):
        return Scope(everywhere=True)
    return Scope(office=actor.office if reaches else None)


@dataclass(frozen=True, slots=True)
class Owner:
    """The owner of a caller's own records: the organisation (or the person) in the roles of the token.

    Somebody who acts for two organisations, or as a lawyer and for themselves, has records of several owners; a session
    or an API client sees those of the one for which it acts.
    """

    id: UUID
    roles: frozenset[Role]

    @classmethod
    def of(cls, actor: Actor) -> "Owner":
        """Of a person or an API client: their tokens always name an owner."""
        assert actor.owner_id is not None
        return cls(actor.owner_id, actor.roles)

    @property
    def role_codes(self) -> list[str]:
        """The roles as records keep them."""
        return sorted(role.value for role in self.roles)


def for_oneself(actor: Actor) -> bool:
    """Whether a person acts with a session of their own, and no API client for them: only then they see what is
    the account's and no organisation's, such as its sessions and the mails about its password."""
    return actor.kind == "person" and actor.scopes is None
