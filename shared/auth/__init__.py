"""Authentication and authorisation: access tokens verified offline, roles, the permission of a route."""

from shared.auth.access import Owner, Record, Scope, for_oneself, readers, scope_of, sees
from shared.auth.actor import APPLICANT_ROLES, BULK_ROLES, EXAMINING_ROLES, OFFICER_ROLES, Actor, ActorKind, Role
from shared.auth.issuing import TokenIssuer, jwks, public_jwk, thumbprint
from shared.auth.keys import KeySet, NoKeys
from shared.auth.permission import (
    Caller,
    PerhapsCaller,
    Permission,
    StepUpRequired,
    permissions_of,
    permit,
    public,
)
from shared.auth.revocations import Revocations, SessionEnded
from shared.auth.tokens import TokenVerifier

__all__ = [
    "APPLICANT_ROLES",
    "BULK_ROLES",
    "EXAMINING_ROLES",
    "OFFICER_ROLES",
    "Actor",
    "ActorKind",
    "Caller",
    "KeySet",
    "NoKeys",
    "Owner",
    "PerhapsCaller",
    "Permission",
    "Record",
    "Revocations",
    "Role",
    "Scope",
    "SessionEnded",
    "StepUpRequired",
    "TokenIssuer",
    "TokenVerifier",
    "for_oneself",
    "jwks",
    "permissions_of",
    "permit",
    "public",
    "public_jwk",
    "readers",
    "scope_of",
    "sees",
    "thumbprint",
]
