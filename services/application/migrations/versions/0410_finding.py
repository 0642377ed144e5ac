"""Finding: who an application is for, what review reported of it, and indexes that lists are made of."""

from alembic import op

revision = "0410"
down_revision = "0400"
branch_labels = None
depends_on = None

LIST = "ix_applications_list"
BY_TIME = "ix_applications_owner_id_created_at"
BY_WORDS = "ix_applications_owner_id_search_key"
NEW = {
    LIST: "(owner_id, created_at, id) INCLUDE (role, state, reported, procedure, status_of_residence, office,"
    " account_id, legal_date, stay_expiry, stay_until, updated_at, submitted_at, search_key)",
    "ix_applications_stay_end": "(owner_id, (coalesce(stay_until, stay_expiry)), id)"
    " INCLUDE (role, state, procedure, stay_until, stay_expiry, person, created_at)",
    "ix_applications_owner_id_person": "(owner_id, person, created_at)",
}
OLD = {BY_TIME: "(owner_id, created_at, id)", BY_WORDS: "(owner_id, search_key) INCLUDE (id)"}
# A person is known by the card until their application is saved again; then by name, birth date and nationality.
FILLED = """
UPDATE applications SET
    person = encode(substring(person_key FROM 1 FOR 16), 'hex')::uuid,
    reported = (SELECT state FROM progress WHERE application_id = applications.id)
"""
# Lists read the index alone where most pages are known to be visible: the vacuum looks often, and at little.
VACUUM = {"autovacuum_vacuum_scale_factor": "0.02", "autovacuum_vacuum_insert_scale_factor": "0.02"}


def upgrade() -> None:
    op.execute("ALTER TABLE applications ADD COLUMN person uuid")
    op.execute("ALTER TABLE applications ADD COLUMN reported text")
    op.execute(FILLED)
    op.execute(f"ALTER TABLE applications SET ({', '.join(f'{name} = {value}' for name, value in VACUUM.items())})")
    with op.get_context().autocommit_block():
        _make(NEW)
        for index in OLD:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index}")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        _make(OLD)
        for index in NEW:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index}")
    op.execute(f"ALTER TABLE applications RESET ({', '.join(VACUUM)})")
    op.execute("ALTER TABLE applications DROP COLUMN reported")
    op.execute("ALTER TABLE applications DROP COLUMN person")


def _make(indexes: dict[str, str]) -> None:
    for index, columns in indexes.items():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index}")
        op.execute(f"CREATE INDEX CONCURRENTLY {index} ON applications {columns}")
