"""Messages about a case that did not arrive, and how the person was informed instead."""

from alembic import op

revision = "0760"
down_revision = "0746"
branch_labels = None
depends_on = None

ROLE = "zairyu_review"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE undelivered_messages (
            id uuid NOT NULL,
            case_id uuid NOT NULL,
            message_id uuid NOT NULL,
            concerns text NOT NULL,
            party text NOT NULL,
            reason text NOT NULL,
            failed_at timestamptz NOT NULL,
            done_at timestamptz,
            done_by uuid,
            means text,
            note text,
            CONSTRAINT pk_undelivered_messages PRIMARY KEY (id),
            CONSTRAINT uq_undelivered_messages_message_id UNIQUE (message_id),
            CONSTRAINT fk_undelivered_messages_case_id_cases FOREIGN KEY (case_id) REFERENCES cases (id),
            CONSTRAINT ck_undelivered_messages_means CHECK (means IN ('post', 'telephone', 'counter', 'not_needed')),
            CONSTRAINT ck_undelivered_messages_done
                CHECK ((done_at IS NULL) = (done_by IS NULL) AND (done_at IS NULL) = (means IS NULL)),
            CONSTRAINT ck_undelivered_messages_not_needed_says_why CHECK (means <> 'not_needed' OR note IS NOT NULL)
        )
        """
    )
    op.execute("CREATE INDEX ix_undelivered_messages_case_id ON undelivered_messages (case_id)")
    op.execute(
        "CREATE INDEX ix_undelivered_messages_open ON undelivered_messages (failed_at, id) WHERE done_at IS NULL"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON undelivered_messages TO {ROLE}")


def downgrade() -> None:
    op.execute("DROP TABLE undelivered_messages")
