"""The office for which an officer of the card office works."""

from shared.auth import Actor, Record, scope_of
from shared.errors import Forbidden, Text


def own_office(actor: Actor) -> str:
    """The office of the actor; raises `Forbidden` for an account without one."""
    office = scope_of(actor, Record.CASE).office
    if office is None:
        raise Forbidden(Text("所属官署が登録されていません", "Your account has no office"), code="no-office")
    return office
