"""Invariants of registration: nobody who audits changes anything, and rights come from an approval."""

from shared.invariants import Invariant

INVARIANTS = (
    Invariant(
        "auditors-do-nothing-else",
        "SELECT one.account_id AS id FROM officer_roles AS one JOIN officer_roles AS other USING (account_id)"
        " WHERE one.role = 'auditor' AND other.role <> 'auditor'"
        " AND one.revoked_at IS NULL AND other.revoked_at IS NULL",
    ),
    Invariant(
        "member-was-approved",
        "SELECT memberships.id FROM memberships WHERE id >= :since_id AND state = 'active'"
        " AND NOT EXISTS (SELECT FROM usage_registrations"
        " WHERE usage_registrations.id = memberships.usage_registration_id AND status = 'approved')",
    ),
)
