"""The steps of docs/operations/restore.md and their commands, as the page has them; a test holds both together.

Words in capitals are what the site fills in.
"""

BASE_BACKUP = "pg_basebackup --pgdata=BACKUP --checkpoint=fast --wal-method=fetch"
VERIFY_BACKUP = "pg_verifybackup BACKUP"
RECOVERY = (
    "restore_command = 'cp ARCHIVE/%f %p'",
    "recovery_target_time = 'MOMENT'",
    "recovery_target_action = 'promote'",
    "hot_standby = off",
)
SKIP_NUMBERS = (
    "SELECT sequencename, setval(format('%I.%I', schemaname, sequencename)::regclass, last_value + 1000)"
    " FROM pg_sequences WHERE sequencename ~ '^(receipt_|certificate_serials)'"
)
RESEND = "python -m shared.messaging events resend --service SERVICE"
VERIFY = "python -m shared.journal verify"
REPLAY = "python -m shared.journal replay SERVICE"
LETTERS = "python -m shared.messaging letters list --service SERVICE"
INVARIANTS = "python -m shared.invariants SERVICE"
RECONCILE = "python -m services.document.reconcile"

COMMANDS = (
    *(BASE_BACKUP, VERIFY_BACKUP, *RECOVERY, SKIP_NUMBERS),
    *(RESEND, VERIFY, REPLAY, LETTERS, INVARIANTS, RECONCILE),
)

# What is done while all is well, and after the loss; the second word is the heading on the page.
BACK_UP_DATABASES = "Back up the databases"
COPY_FILES = "Copy the files"
STOP = "Stop everything, and choose the moment"
RESTORE_DATABASES = "Restore the databases"
RESTORE_FILES = "Restore the files"
EMPTY_BROKER = "Start an empty broker"
SKIP = "Skip the numbers that were handed out"
SEND_AGAIN = "Send recent events again"
START = "Start the services"
CHECK_JOURNALS = "Check the journals"
CHECK_EVENTS = "Check events and invariants"
NAME_FILES = "Name the files that are missing"

STEPS = (
    *(BACK_UP_DATABASES, COPY_FILES),
    *(STOP, RESTORE_DATABASES, RESTORE_FILES, EMPTY_BROKER, SKIP, SEND_AGAIN, START),
    *(CHECK_JOURNALS, CHECK_EVENTS, NAME_FILES),
)
