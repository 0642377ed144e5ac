"""Outcome of a token grant, between its transaction and its answer."""

from dataclasses import dataclass

from pydantic import BaseModel

from services.registration.oauth.store.authorizations import Authorization
from shared.auth.actor import Role


@dataclass(frozen=True, slots=True)
class Granted:
    authorization: Authorization
    roles: frozenset[Role]
    scopes: frozenset[str]
    refresh_token: str


class GrantOutcome(BaseModel, arbitrary_types_allowed=True):
    """Both are committed: that something was granted, and that somebody came for it a second time."""

    granted: Granted | None = None
