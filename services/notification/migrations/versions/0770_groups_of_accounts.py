"""Groups of accounts that a broadcast can be for: user classes of people who act for themselves, officers, offices, and
open applications.

`members` gets those who act for themselves, and officers, with their own account in place of an organisation. Of
accounts that were there before, the messages that they got say as what they act; of an officer no more than that they
are one, until the next change of their roles.
"""

from alembic import op

revision = "0770"
down_revision = "0766"
branch_labels = None
depends_on = None

_FILLED = (
    """
    INSERT INTO members (organisation_id, account_id, role, acts, as_of)
    SELECT account_id, account_id, role, true, max(created_at) FROM notifications
    WHERE template = 'account_activated' AND owner_id = account_id AND role IS NOT NULL
    GROUP BY account_id, role
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO members (organisation_id, account_id, role, acts, as_of)
    SELECT account_id, account_id, 'officer', true, max(created_at) FROM notifications
    WHERE template IN ('officer_invited', 'officer_roles_changed') AND account_id IS NOT NULL
    GROUP BY account_id
    ON CONFLICT DO NOTHING
    """,
    """
    UPDATE members SET acts = false WHERE organisation_id = account_id AND EXISTS (
        SELECT FROM notifications WHERE notifications.account_id = members.account_id
        AND template = 'account_suspended' AND created_at > members.as_of)
    """,
    """
    UPDATE applications SET ended_at = ended.at FROM (
        SELECT application_id, max(created_at) AS at FROM notifications
        WHERE template IN ('application_withdrawn', 'application_terminated', 'certificate_issued', 'card_mailed')
        AND application_id IS NOT NULL GROUP BY application_id) AS ended
    WHERE ended.application_id = applications.application_id
    """,
)


def upgrade() -> None:
    op.execute("ALTER TABLE contacts ADD COLUMN office text")
    op.execute("ALTER TABLE applications ADD COLUMN ended_at timestamptz")
    for statement in _FILLED:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DELETE FROM members WHERE organisation_id = account_id")
    op.execute("ALTER TABLE applications DROP COLUMN ended_at")
    op.execute("ALTER TABLE contacts DROP COLUMN office")
