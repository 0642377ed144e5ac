from tests.journal.conftest import commands, db, house  # noqa: F401 - the same fixtures
