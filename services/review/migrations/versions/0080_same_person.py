"""Keys that the cases of one person share, and examiners' findings about such cases."""

from alembic import op

revision = "0080"
down_revision = "0040"
branch_labels = None
depends_on = None

ROLE = "zairyu_review"

UPGRADE = (
    "ALTER TABLE cases ADD COLUMN person_keys text[]",
    "CREATE INDEX ix_cases_person_keys ON cases USING gin (person_keys)",
    """
    CREATE TABLE same_person_findings (
        id uuid CONSTRAINT pk_same_person_findings PRIMARY KEY,
        case_id uuid NOT NULL CONSTRAINT fk_same_person_findings_case_id_cases REFERENCES cases (id),
        other_case_id uuid NOT NULL CONSTRAINT fk_same_person_findings_other_case_id_cases REFERENCES cases (id),
        finding text NOT NULL
            CONSTRAINT ck_same_person_findings_finding CHECK (finding IN ('different_people', 'both_needed')),
        reason text NOT NULL CONSTRAINT ck_same_person_findings_reason CHECK (btrim(reason) <> ''),
        found_by uuid NOT NULL,
        found_at timestamptz NOT NULL,
        CONSTRAINT uq_same_person_findings_case_id_other_case_id UNIQUE (case_id, other_case_id),
        CONSTRAINT ck_same_person_findings_another_case CHECK (case_id <> other_case_id)
    )
    """,
    f"GRANT SELECT, INSERT ON same_person_findings TO {ROLE}",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE same_person_findings")
    op.execute("DROP INDEX ix_cases_person_keys")
    op.execute("ALTER TABLE cases DROP COLUMN person_keys")
