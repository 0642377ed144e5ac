"""Officers' roles with their history, invitations, and the journal's indexes for auditors."""

from alembic import op

from shared.db import baseline

revision = "0040"
down_revision = "0030"
branch_labels = None
depends_on = None

ROLE = "zairyu_registration"

UPGRADE = f"""
ALTER TABLE officer_roles ADD COLUMN granted_by uuid;
ALTER TABLE officer_roles ADD COLUMN revoked_at timestamptz;
ALTER TABLE officer_roles ADD COLUMN revoked_by uuid;
ALTER TABLE officer_roles DROP CONSTRAINT uq_officer_roles_account_id_role;
CREATE UNIQUE INDEX uq_officer_roles_one_in_force ON officer_roles (account_id, role) WHERE revoked_at IS NULL;
ALTER TABLE officer_roles ADD CONSTRAINT ck_officer_roles_revoked
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL) AND revoked_at >= granted_at);
ALTER TABLE officer_roles ADD CONSTRAINT ck_officer_roles_not_their_own
    CHECK (granted_by <> account_id AND revoked_by <> account_id);
-- Nothing of a grant changes but that it is revoked, and that once.
GRANT UPDATE (revoked_at, revoked_by) ON officer_roles TO {ROLE};
ALTER TABLE officer_roles ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_rows ON officer_roles FOR ALL TO {ROLE} USING (true);
CREATE POLICY revoked_once ON officer_roles AS RESTRICTIVE FOR UPDATE TO {ROLE}
    USING (revoked_at IS NULL) WITH CHECK (revoked_at IS NOT NULL);

ALTER TABLE password_links DROP CONSTRAINT ck_password_links_purpose;
ALTER TABLE password_links ADD CONSTRAINT ck_password_links_purpose
    CHECK (purpose IN ('activate', 'invite', 'reset'))
"""

DOWNGRADE = """
UPDATE password_links SET purpose = 'activate' WHERE purpose = 'invite';
ALTER TABLE password_links DROP CONSTRAINT ck_password_links_purpose;
ALTER TABLE password_links ADD CONSTRAINT ck_password_links_purpose CHECK (purpose IN ('activate', 'reset'));

DROP POLICY revoked_once ON officer_roles;
DROP POLICY all_rows ON officer_roles;
ALTER TABLE officer_roles DISABLE ROW LEVEL SECURITY;
-- To what ran before, every row is a role in force.
DELETE FROM officer_roles WHERE revoked_at IS NOT NULL;
DROP INDEX uq_officer_roles_one_in_force;
ALTER TABLE officer_roles DROP COLUMN granted_by, DROP COLUMN revoked_at, DROP COLUMN revoked_by;
ALTER TABLE officer_roles ADD CONSTRAINT uq_officer_roles_account_id_role UNIQUE (account_id, role)
"""


def upgrade() -> None:
    baseline.v2(op)
    for statement in baseline.split(UPGRADE):
        op.execute(statement)


def downgrade() -> None:
    for statement in baseline.split(DOWNGRADE):
        op.execute(statement)
    baseline.drop_v2(op)
