"""States of a broadcast and the steps between them, the groups that it can be for, and the rule of four eyes."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from shared.reference.user_classes import USER_CLASSES


class Kind(StrEnum):
    """The subject of a broadcast."""

    MAINTENANCE = "maintenance"
    LAW = "law"
    OTHER = "other"


class Group(StrEnum):
    """The accounts that a broadcast is for. Some are narrowed by codes."""

    EVERYONE = "everyone"
    USER_CLASS = "user_class"
    OFFICE = "office"  # organisations and professionals who registered with an office
    PROCEDURE = "procedure"  # accounts in charge of open applications
    OFFICERS = "officers"


# Groups that are narrowed by codes.
WITH_CODES = frozenset({Group.USER_CLASS, Group.OFFICE, Group.PROCEDURE})
# Groups that a page recognises by its reader's sign-in, without asking for each account: those that can have a banner.
WITH_BANNER = frozenset({Group.EVERYONE, Group.USER_CLASS, Group.OFFICERS})
# Everybody whose role is none of these is an officer.
PERSONS_ROLES: frozenset[str] = frozenset(row.role for row in USER_CLASSES.rows)
# Roles of organisations' staff and of professionals.
OF_AN_OFFICE: frozenset[str] = frozenset(
    row.role for row in USER_CLASSES.rows if row.registers_by == "organisation" or row.by_certificate
)


# For so long a stopped broadcast can be resumed; then the list of its recipients is erased.
RESUMABLE = timedelta(days=30)


class State(StrEnum):
    """The state of a broadcast. It ends as `SENT`, or as `STOPPED` where nobody resumes it."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    SCHEDULED = "scheduled"  # approved: it begins at its time
    SENDING = "sending"
    SENT = "sent"
    STOPPED = "stopped"


class Step(StrEnum):
    """A step of a broadcast."""

    CHANGE = "change"
    PROPOSE = "propose"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    START = "start"
    HAND_OVER = "hand_over"
    FINISH = "finish"
    STOP = "stop"
    RESUME = "resume"
    END_BANNER = "end_banner"


TRANSITIONS: Mapping[tuple[State, Step], State] = MappingProxyType(
    {
        (State.DRAFT, Step.CHANGE): State.DRAFT,
        (State.DRAFT, Step.PROPOSE): State.PROPOSED,
        (State.PROPOSED, Step.SEND_BACK): State.DRAFT,
        (State.PROPOSED, Step.APPROVE): State.SCHEDULED,
        (State.SCHEDULED, Step.START): State.SENDING,
        (State.SENDING, Step.HAND_OVER): State.SENDING,
        (State.SENDING, Step.FINISH): State.SENT,
        **{
            (state, Step.STOP): State.STOPPED for state in (State.DRAFT, State.PROPOSED, State.SCHEDULED, State.SENDING)
        },
        # Only one that was approved (`resumable_until`). It begins again where it was, or at its time.
        (State.STOPPED, Step.RESUME): State.SCHEDULED,
        # What is sent can be stopped no more; its banner can be taken down.
        (State.SENT, Step.END_BANNER): State.SENT,
    }
)


def after(state: State, step: Step) -> State | None:
    """The state after `step`; None where it is not possible."""
    return TRANSITIONS.get((state, step))


def may_approve(approver: UUID, person: str | None, writers: Collection[UUID], writer_persons: Collection[str]) -> bool:
    """Whether an operator may approve what `writers` wrote or proposed: none of these accounts, and no other account of
    one of these humans as far as they are known."""
    return approver not in writers and (person is None or person not in writer_persons)


def resumable_until(approved_at: datetime | None, stopped_at: datetime) -> datetime | None:
    """The moment until which a broadcast that is stopped can be resumed; None for one that nobody approved."""
    return None if approved_at is None else stopped_at + RESUMABLE


def banner_holds(
    state: State, begins_at: datetime | None, ends_at: datetime | None, ended_at: datetime | None, now: datetime
) -> bool:
    """Whether pages show the banner at `now`."""
    if begins_at is None or ends_at is None or ended_at is not None:
        return False
    return state in (State.SCHEDULED, State.SENDING, State.SENT) and begins_at <= now < ends_at


def roles_of(group: Group, codes: Collection[str]) -> frozenset[str] | None:
    """The roles by which an account is in the group; None where roles do not say it."""
    match group:
        case Group.USER_CLASS:
            return frozenset(codes)
        case Group.OFFICE:
            return OF_AN_OFFICE
        case _:
            return None
