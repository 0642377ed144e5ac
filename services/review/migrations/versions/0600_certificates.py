"""Numbers of certificates, their acknowledgement and their revocation."""

from alembic import op

revision = "0600"
down_revision = "0561"
branch_labels = None
depends_on = None

ROLE = "zairyu_review"

UPGRADE = (
    """
    ALTER TABLE certificates
        ADD COLUMN number text,
        ADD COLUMN received_at timestamptz,
        ADD COLUMN revoked_by uuid,
        ADD COLUMN revoked_at timestamptz,
        ADD COLUMN revocation_code text,
        ADD COLUMN revocation_reason text,
        ADD CONSTRAINT ck_certificates_revoked_with_reason CHECK (
            (revoked_at IS NULL) = (revoked_by IS NULL) AND (revoked_at IS NULL) = (revocation_code IS NULL)
            AND (revoked_at IS NULL) = (revocation_reason IS NULL)
        )
    """,
    "CREATE UNIQUE INDEX uq_certificates_number ON certificates (number)",
    "CREATE SEQUENCE certificate_serials OWNED BY certificates.number",
    f"GRANT UPDATE ON certificates TO {ROLE}",
    f"GRANT USAGE ON SEQUENCE certificate_serials TO {ROLE}",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute(f"REVOKE UPDATE ON certificates FROM {ROLE}")
    op.execute("DROP INDEX uq_certificates_number")
    op.execute("ALTER TABLE certificates DROP CONSTRAINT ck_certificates_revoked_with_reason")
    for column in ("number", "received_at", "revoked_by", "revoked_at", "revocation_code", "revocation_reason"):
        op.execute(f"ALTER TABLE certificates DROP COLUMN {column}")
