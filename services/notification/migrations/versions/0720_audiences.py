"""Colleagues and officers as recipients, what each chose, messages that wait for the morning, and the number and the
keyed address by which a message is found.

Of messages made before, number and address key are not known. Indexes of `notifications` and `deliveries` are made
without blocking writes; one left behind by an interrupted run is made again.
"""

from alembic import op

revision = "0720"
down_revision = "0650"
branch_labels = None
depends_on = None

ROLE = "zairyu_notification"
OLD = "uq_notifications_cause_event_id_channel_party_template"
NEW = "uq_notifications_cause_event_id_channel_party_account_id_template"
OLD_COLUMNS = "cause_event_id, channel, party, template"
NEW_COLUMNS = "cause_event_id, channel, party, account_id, template"
INDEXES = {
    "ix_notifications_number": "notifications (number, created_at, id) WHERE number IS NOT NULL",
    "ix_notifications_held": "notifications (account_id) WHERE state = 'held'",
    "ix_deliveries_held": "deliveries (next_try_at) WHERE state = 'held'",
    "ix_deliveries_address_key": "deliveries (address_key) WHERE address_key IS NOT NULL",
}
# Name, table, condition before, condition after. A check that is not valid yet holds for new rows, and needs no scan.
CHECKS = (
    (
        "state",
        "notifications",
        "state IN ('created', 'sent', 'failed')",
        "state IN ('created', 'held', 'sent', 'failed', 'summarised', 'inbox')",
    ),
    (
        "ended",
        "notifications",
        "(state = 'created') = (ended_at IS NULL)",
        "(state IN ('created', 'held')) = (ended_at IS NULL)",
    ),
    (
        "state",
        "deliveries",
        "state IN ('waiting', 'sending', 'done')",
        "state IN ('waiting', 'held', 'sending', 'done')",
    ),
)


def upgrade() -> None:
    op.execute("ALTER TABLE notifications ADD COLUMN number text, ADD COLUMN summary_id uuid")
    op.execute("ALTER TABLE deliveries ADD COLUMN address_key bytea, ALTER COLUMN sealed_address DROP NOT NULL")
    op.execute("ALTER TABLE applications ADD COLUMN case_id uuid, ADD COLUMN examiner_id uuid")
    for name, table, _, after in CHECKS:
        _replace_check(table, name, after)
    op.execute(
        "ALTER TABLE notifications ADD CONSTRAINT ck_notifications_summarised"
        " CHECK ((state = 'summarised') = (summary_id IS NOT NULL)) NOT VALID"
    )
    op.execute(
        "ALTER TABLE deliveries ADD CONSTRAINT ck_deliveries_addressed"
        " CHECK (sealed_address IS NOT NULL OR state IN ('held', 'done')) NOT VALID"
    )
    op.execute(
        "CREATE TABLE members (organisation_id uuid NOT NULL, account_id uuid NOT NULL, role text NOT NULL,"
        " acts boolean NOT NULL, as_of timestamptz NOT NULL,"
        " CONSTRAINT pk_members PRIMARY KEY (organisation_id, account_id, role))"
    )
    op.execute("CREATE INDEX ix_members_account_id ON members (account_id)")
    op.execute(
        "CREATE TABLE choices (account_id uuid NOT NULL, owner_id uuid NOT NULL, topic text NOT NULL,"
        " how text NOT NULL, chosen_at timestamptz NOT NULL,"
        " CONSTRAINT pk_choices PRIMARY KEY (account_id, owner_id, topic),"
        " CONSTRAINT ck_choices_topic CHECK (topic IN ('own', 'colleagues', 'cases')),"
        " CONSTRAINT ck_choices_how CHECK (how IN ('at_once', 'morning', 'inbox', 'none')))"
    )
    op.execute("CREATE INDEX ix_choices_owner_id ON choices (owner_id) WHERE topic = 'colleagues' AND how <> 'none'")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON members, choices TO {ROLE}")
    with op.get_context().autocommit_block():
        for name, what in INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {what}")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NEW}")
        op.execute(f"CREATE UNIQUE INDEX CONCURRENTLY {NEW} ON notifications ({NEW_COLUMNS}) NULLS NOT DISTINCT")
    op.execute(f"ALTER TABLE notifications ADD CONSTRAINT {NEW} UNIQUE USING INDEX {NEW}")
    op.execute(f"ALTER TABLE notifications DROP CONSTRAINT {OLD}")


def downgrade() -> None:
    # What only the newer states say is said with the older ones; of several colleagues' copies the first one stays.
    op.execute("DELETE FROM deliveries WHERE sealed_address IS NULL")
    op.execute(
        "UPDATE notifications SET state = 'sent', ended_at = coalesce(ended_at, created_at), summary_id = NULL"
        " WHERE state IN ('held', 'summarised', 'inbox')"
    )
    op.execute(f"ALTER TABLE notifications DROP CONSTRAINT {NEW}")
    op.execute("ALTER TABLE notifications DROP CONSTRAINT ck_notifications_summarised")
    op.execute("ALTER TABLE deliveries DROP CONSTRAINT ck_deliveries_addressed")
    for name, table, before, _ in CHECKS:
        _replace_check(table, name, before)
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
    op.execute("UPDATE notifications SET cause_event_id = id WHERE party IN ('colleague', 'officer', 'summary')")
    op.execute(f"ALTER TABLE notifications ADD CONSTRAINT {OLD} UNIQUE ({OLD_COLUMNS})")
    op.execute("DROP TABLE choices")
    op.execute("DROP TABLE members")
    op.execute("ALTER TABLE applications DROP COLUMN examiner_id, DROP COLUMN case_id")
    op.execute("ALTER TABLE deliveries DROP COLUMN address_key, ALTER COLUMN sealed_address SET NOT NULL")
    op.execute("ALTER TABLE notifications DROP COLUMN summary_id, DROP COLUMN number")


def _replace_check(table: str, name: str, condition: str) -> None:
    """The check of the same name with another condition; rows that are there satisfy both."""
    constraint = f"ck_{table}_{name}"
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK ({condition}) NOT VALID")
