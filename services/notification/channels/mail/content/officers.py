"""Mails about officers' accounts."""

from datetime import datetime

from services.notification.channels.mail.content.facts import Content, Facts, Name
from shared.events.registration import OfficerInvited, OfficerRolesChanged


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
