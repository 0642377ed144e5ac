"""Migrations that do not stop a running system: no long table is read, written again or indexed under a lock that holds
up everybody. A statement about a table that the same migration makes is free."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import pytest
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from tests.guards.sources import ROOT, WITH_DATABASE

# Made before this rule, while no system was running: what was done cannot be done in another way later.
FROZEN = {
    "application": ("0110", "0320", "0340"),
    "document": ("0110", "0421", "0540", "0620", "0621"),
    "notification": ("0080", "0110", "0120", "0731", "0740"),
    "registration": ("0010", "0020", "0025", "0040", "0050", "0070", "0075", "0100", "0110", "0730", "0740"),
    "review": ("0080", "0110", "0560", "0571", "0580", "0590", "0591", "0600", "0700", "0741", "0746"),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a migration; `alone`: in no transaction with those before it."""

    text: str
    alone: bool


@dataclass
class Recorder:
    """Alembic's `op` as migrations use it: keeps the statements and sends none."""

    statements: list[Statement] = field(default_factory=list)
    _alone: bool = False

    def execute(self, statement: Any) -> None:
        for each in str(statement).split(";"):
            if text := " ".join(each.split()):
                self.statements.append(Statement(text, self._alone))

    def get_context(self) -> "Recorder":
        return self

    def __getattr__(self, name: str) -> Any:
        """Another operation, such as `add_column`: what Alembic would send is kept."""
        sent = StringIO()
        written = {"as_sql": True, "output_buffer": sent}
        operation = getattr(Operations(MigrationContext.configure(dialect_name="postgresql", opts=written)), name)

        def keep(*given: Any, **named: Any) -> None:
            operation(*given, **named)
            self.execute(sent.getvalue())

        return keep

    @contextmanager
    def autocommit_block(self) -> Iterator[None]:
        self._alone = True
        yield
        self._alone = False


def faults(statements: list[Statement]) -> Iterator[str]:
    """Faults of the statements about tables that were there before, each with the other way."""
    made = {match[1] for each in statements if (match := re.match(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)", each.text))}
    added: set[str] = set()
    for statement in statements:
        text = statement.text
        if match := re.match(r"CREATE (?:UNIQUE )?INDEX (?:IF NOT EXISTS )?(?!CONCURRENTLY)\w+ ON (\w+)", text):
            if match[1] not in made:
                yield f"CREATE INDEX CONCURRENTLY, in an autocommit_block: {text}"
        elif (match := re.match(r"ALTER TABLE (?:ONLY )?(\w+) (.*)", text)) and match[1] not in made:
            for change in re.split(r", (?=(?:ADD|ALTER|DROP|VALIDATE) )", match[2]):
                name = re.match(r"(?:ADD|VALIDATE) CONSTRAINT (\w+)", change)
                if change.startswith("ADD CONSTRAINT") and name:
                    added.add(name[1])
                if change.startswith("VALIDATE") and name and name[1] in added and not statement.alone:
                    yield f"VALIDATE CONSTRAINT in an autocommit_block, once the lock of its making is free: {text}"
                elif way := _way(change):
                    yield f"{way}: {text}"


def _way(change: str) -> str | None:
    """The way to make a change of a table without a long lock; None where it has none already."""
    if re.match(r"ADD CONSTRAINT \w+ (CHECK|FOREIGN KEY)", change) and not change.endswith("NOT VALID"):
        return "ADD CONSTRAINT ... NOT VALID, and VALIDATE CONSTRAINT afterwards"
    if re.match(r"ADD CONSTRAINT \w+ (UNIQUE|PRIMARY KEY|EXCLUDE)(?! USING INDEX)", change):
        return "CREATE UNIQUE INDEX CONCURRENTLY, and ADD CONSTRAINT ... USING INDEX"
    if re.match(r"ALTER (COLUMN )?\w+ (SET DATA )?TYPE ", change):
        return "a new column beside the old one, filled in portions"
    if re.match(r"ALTER (COLUMN )?\w+ SET NOT NULL", change):
        return "CHECK (... IS NOT NULL) NOT VALID, and VALIDATE CONSTRAINT afterwards"
    if change.startswith("ADD COLUMN"):
        if re.search(r"\bNOT NULL\b", change) and "DEFAULT" not in change:
            return "a DEFAULT, which PostgreSQL keeps once for all rows"
        if re.search(r"DEFAULT \S*(gen_random_uuid|clock_timestamp|random|nextval)|GENERATED|\bUNIQUE\b", change):
            return "a column without it, filled in portions"
        if re.search(r"\b(CHECK|REFERENCES)\b", change):
            return "ADD COLUMN, and the constraint apart with NOT VALID"
    return None


@pytest.mark.parametrize("service", WITH_DATABASE)
def test_no_migration_holds_up_a_running_system(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "services" / service / "migrations"))
    found = {}
    for script in ScriptDirectory.from_config(config).walk_revisions():
        recorder = Recorder()
        monkeypatch.setattr(script.module, "op", recorder)
        script.module.upgrade()
        found[script.revision] = list(faults(recorder.statements))
    wrong = {revision: named for revision, named in found.items() if named and revision not in FROZEN[service]}
    assert wrong == {}
    assert [each for each in FROZEN[service] if not found.get(each)] == [], "frozen and without a fault: take it out"


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE cases ADD CONSTRAINT ck_cases_x CHECK (x > 0)",
        "ALTER TABLE cases DROP CONSTRAINT ck_cases_x, ADD CONSTRAINT ck_cases_x CHECK (x > 0)",
        "ALTER TABLE cases ADD CONSTRAINT fk_cases_x FOREIGN KEY (x) REFERENCES y (id)",
        "ALTER TABLE cases ADD CONSTRAINT uq_cases_x UNIQUE (x)",
        "CREATE INDEX ix_cases_x ON cases (x)",
        "CREATE UNIQUE INDEX IF NOT EXISTS ix_cases_x ON cases (x)",
        "ALTER TABLE cases ALTER COLUMN x TYPE bigint",
        "ALTER TABLE cases ALTER x SET NOT NULL",
        "ALTER TABLE cases ADD COLUMN x text NOT NULL",
        "ALTER TABLE cases ADD COLUMN y text, ADD COLUMN x uuid DEFAULT gen_random_uuid()",
        "ALTER TABLE cases ADD COLUMN x text CHECK (x <> '')",
        "ALTER TABLE cases ADD CONSTRAINT ck_x CHECK (x > 0) NOT VALID; ALTER TABLE cases VALIDATE CONSTRAINT ck_x",
    ],
)
def test_a_statement_that_holds_up_others_is_found(statement: str) -> None:
    recorder = Recorder()
    recorder.execute(statement)
    assert len(list(faults(recorder.statements))) == 1
    recorder.statements.insert(0, Statement("CREATE TABLE cases (id uuid)", alone=False))
    assert list(faults(recorder.statements)) == []


def test_what_holds_up_nobody_is_free() -> None:
    recorder = Recorder()
    recorder.execute("ALTER TABLE cases ADD COLUMN x text, ADD COLUMN y boolean NOT NULL DEFAULT false")
    recorder.execute("ALTER TABLE cases ADD CONSTRAINT ck_cases_x CHECK (x > 0) NOT VALID")
    with recorder.autocommit_block():
        recorder.execute("ALTER TABLE cases VALIDATE CONSTRAINT ck_cases_x")
        recorder.execute("CREATE INDEX CONCURRENTLY ix_cases_x ON cases (x)")
    assert list(faults(recorder.statements)) == []
