from tests.journal.conftest import commands, db, service  # noqa: F401 - the same fixtures
