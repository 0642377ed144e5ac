"""Who is calling, and may they: access tokens verified offline, roles, the permission of a route."""

from shared.auth.actor import APPLICANT_ROLES, OFFICER_ROLES, Actor, ActorKind, Role

__all__ = ["APPLICANT_ROLES", "OFFICER_ROLES", "Actor", "ActorKind", "Role"]
