"""The plan of every statement that a service runs, asked of PostgreSQL at the moment at which it runs."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

_READS_OR_WRITES = re.compile(r"\s*(WITH|SELECT|INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
_PARAMETERS = re.compile(r"\$\d+(::[A-Z ]+(\[\])?)?(, \$\d+(::[A-Z ]+(\[\])?)?)*")


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one run of a statement: pages of tables and indexes, rows that were read, milliseconds."""

    buffers: int
    rows: int
    milliseconds: float
    plan: str = ""


@dataclass
class Watch:
    """The highest cost of each statement, by the step in which it ran and its text."""

    database: str
    costs: dict[tuple[str, str], Cost] = field(default_factory=dict)
    _step: str | None = None
    _asking: bool = False

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Statements of the block belong to this step."""
        self._step = name
        try:
            yield
        finally:
            self._step = None

    def look(self, connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        """Ask for the plan of a statement that is about to run, and undo what asking did."""
        if self._step is None or self._asking or not _READS_OR_WRITES.match(statement):
            return
        if connection.engine.url.database != self.database:
            return
        self._asking = True
        asking = connection.connection.cursor()
        begin, undo = "SAVEPOINT asking", ("ROLLBACK TO SAVEPOINT asking", "RELEASE SAVEPOINT asking")
        if connection.connection.dbapi_connection.isolation_level == "autocommit":
            begin, undo = "BEGIN", ("ROLLBACK", "")
        try:
            asking.execute(begin)
            values = parameters[0] if many and isinstance(parameters[0], tuple | list) else parameters
            asking.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", values)
            (explained,) = asking.fetchall()[0]
            for each in filter(None, undo):
                asking.execute(each)
        finally:
            asking.close()
            self._asking = False
        found = json.loads(explained) if isinstance(explained, str) else explained
        key = (self._step, _without_values(statement))
        cost = _cost(found[0])
        if key not in self.costs or self.costs[key].buffers < cost.buffers:
            self.costs[key] = cost


@contextmanager
def watching(database: str) -> Iterator[Watch]:
    """Watch the statements that are run in a database."""
    watch = Watch(database)
    event.listen(Engine, "before_cursor_execute", watch.look)
    try:
        yield watch
    finally:
        event.remove(Engine, "before_cursor_execute", watch.look)


def _without_values(statement: str) -> str:
    return " ".join(_PARAMETERS.sub("$", statement).split())


def _cost(explained: dict[str, Any]) -> Cost:
    plan = explained["Plan"]
    buffers = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    nodes = list(_nodes(plan))
    rows = sum(
        node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
        for node in nodes
        if "Scan" in node["Node Type"] and "Relation Name" in node
    )
    kinds = dict.fromkeys(f"{node['Node Type']} {node.get('Relation Name', '')}".strip() for node in nodes)
    return Cost(buffers, round(rows), explained["Execution Time"], ", ".join(kinds))


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)
