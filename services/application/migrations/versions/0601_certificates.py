"""Certificates that review issued, and links by which their recipients read them."""

from alembic import op

revision = "0601"
down_revision = "0350"
branch_labels = None
depends_on = None

ROLE = "zairyu_application"

UPGRADE = (
    """
    CREATE TABLE certificates (
        number text CONSTRAINT pk_certificates PRIMARY KEY,
        application_id uuid NOT NULL
            CONSTRAINT fk_certificates_application_id_applications REFERENCES applications (id),
        procedure text NOT NULL,
        status_of_residence text NOT NULL,
        period_of_stay text,
        method text NOT NULL,
        issued_at timestamptz NOT NULL,
        valid_until date,
        photo bytea,
        ready_at timestamptz,
        received_at timestamptz,
        received_by text,
        revoked_at timestamptz,
        revocation_code text,
        CONSTRAINT ck_certificates_received_by_somebody CHECK ((received_at IS NULL) = (received_by IS NULL)),
        CONSTRAINT ck_certificates_revoked_with_reason CHECK ((revoked_at IS NULL) = (revocation_code IS NULL))
    )
    """,
    "CREATE UNIQUE INDEX uq_certificates_application_id ON certificates (application_id)",
    "CREATE INDEX ix_certificates_photos ON certificates (valid_until) WHERE photo IS NOT NULL",
    """
    CREATE TABLE certificate_links (
        id uuid CONSTRAINT pk_certificate_links PRIMARY KEY,
        certificate_number text NOT NULL
            CONSTRAINT fk_certificate_links_certificate_number_certificates REFERENCES certificates (number),
        secret_hash bytea NOT NULL,
        address text NOT NULL,
        language text NOT NULL,
        sent_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz,
        wrong_tries integer NOT NULL,
        opened integer NOT NULL,
        first_opened_at timestamptz,
        last_opened_at timestamptz
    )
    """,
    "CREATE UNIQUE INDEX uq_certificate_links_secret_hash ON certificate_links (secret_hash)",
    "CREATE INDEX ix_certificate_links_certificate_number ON certificate_links (certificate_number)",
    f"GRANT SELECT, INSERT, UPDATE ON certificates, certificate_links TO {ROLE}",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE certificate_links")
    op.execute("DROP TABLE certificates")
