"""Statements of SQLAlchemy carried out on the model: those that messaging and timers issue, and no others.

A statement or an expression that is not modelled raises `NotModelled`: the model is never silently wrong about one.
"""

import json
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import JSON, Table, Text
from sqlalchemy.dialects.postgresql.dml import OnConflictDoNothing, OnConflictDoUpdate
from sqlalchemy.sql import dml, elements, functions, operators, selectable
from sqlalchemy.sql.expression import TextClause

from tests.simulation.storage import Backend, OnConflict, Stored, Transaction, Values, Version, failing

Scope = dict[str, Values]  # the present row of each table by name


class NotModelled(NotImplementedError):
    """The model does not know this statement: extend it, with a test against PostgreSQL."""


class ModelRow(tuple[Any, ...]):
    """A row of a result: values by place and by name."""

    names: Sequence[str]

    def __getattr__(self, name: str) -> Any:
        try:
            return self[self.names.index(name)]
        except ValueError:
            raise AttributeError(name) from None

    def _asdict(self) -> Values:
        return dict(zip(self.names, self, strict=True))


class ModelResult:
    """The rows of a statement, with the methods of SQLAlchemy's results that the code uses."""

    def __init__(self, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        self._rows = []
        for values in rows:
            row = ModelRow(values)
            row.names = names
            self._rows.append(row)

    def __iter__(self) -> Iterator[ModelRow]:
        return iter(self._rows)

    def all(self) -> list[ModelRow]:
        return self._rows

    def first(self) -> ModelRow | None:
        return self._rows[0] if self._rows else None

    def scalars(self) -> list[Any]:
        return [row[0] for row in self._rows]

    def scalar(self) -> Any:
        return self._rows[0][0] if self._rows else None


def _known(compare: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Null with anything is null."""
    return lambda a, b: None if a is None or b is None else compare(a, b)


def _like(value: str, pattern: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("%"))), value, re.DOTALL) is not None


_BINARY: dict[Any, Callable[[Any, Any], Any]] = {
    operators.eq: _known(operator.eq),
    operators.ne: _known(operator.ne),
    operators.lt: _known(operator.lt),
    operators.le: _known(operator.le),
    operators.gt: _known(operator.gt),
    operators.ge: _known(operator.ge),
    operators.sub: _known(operator.sub),
    operators.add: _known(operator.add),
    operators.is_: lambda a, b: a is b,
    operators.is_not: lambda a, b: a is not b,
    operators.in_op: _known(lambda a, b: a in b),
    operators.not_in_op: _known(lambda a, b: a not in b),
    operators.not_like_op: _known(lambda a, b: not _like(a, b)),
}
_AGGREGATES = {
    "count": len,
    "min": lambda values: min((v for v in values if v is not None), default=None),
    "max": lambda values: max((v for v in values if v is not None), default=None),
}
_MOMENTS = ("now", "clock_timestamp")
_INBOX = re.compile(
    r"INSERT INTO inbox \(consumer_group, event_id\) SELECT :group, unnest\(:ids\)"
    r" ON CONFLICT DO NOTHING RETURNING event_id"
)
_TOGETHER = re.compile(r"INSERT INTO (\w+) \((.+?)\) SELECT (.+?)(?: FROM unnest\((.+)\) AS given \((.+)\))?")
_TERM = re.compile(r'(?:\$(\d+)|given\."(\w+)")')


class Execution:
    """One statement in one transaction: it sees what was committed before it began, and waits for locks."""

    def __init__(self, backend: Backend, parameters: Values | None = None) -> None:
        self._backend = backend
        self._server = backend.server
        self._transaction: Transaction = backend.begin()
        self._parameters = parameters or {}
        self._made: dict[str, list[Values]] = {}  # rows of common table expressions
        self._subqueries: dict[int, Any] = {}

    async def run(self, statement: Any) -> ModelResult:
        with failing(self._transaction):
            return await self._run(statement)

    async def _run(self, statement: Any) -> ModelResult:
        for cte in statement_ctes(statement):
            if cte.name not in self._made:
                result = await self._run(cte.element)
                self._made[cte.name] = [row._asdict() for row in result]
        match statement:
            case selectable.Select():
                return await self._select(statement)
            case dml.Insert():
                return await self._insert(statement)
            case dml.Update():
                return await self._update(statement)
            case dml.Delete():
                return await self._delete(statement)
            case TextClause() if statement.text.startswith("SET tcp_"):
                return ModelResult([], [])
            case TextClause() if _INBOX.fullmatch(statement.text):
                return await self._record()
        raise NotModelled(str(statement))

    async def together(self, statement: str, parameters: Sequence[Any]) -> None:
        """`shared.db.together.insert_together`: rows from arrays, in their order."""
        found = _TOGETHER.fullmatch(statement)
        if not found:
            raise NotModelled(statement)
        table, names, terms, arrays, given = found.groups()
        columns = [name.strip('"') for name in names.split(", ")]
        lists: dict[str, list[Any]] = {}
        if arrays:
            places = [int(number) - 1 for number in re.findall(r"\$(\d+)", arrays)]
            lists = {n.strip('"'): parameters[at] for n, at in zip(given.split(", "), places, strict=True)}
        stored = self._server.tables[table]
        with failing(self._transaction):
            for at in range(len(next(iter(lists.values()))) if lists else 1):
                row: Values = {}
                for name, term in zip(columns, terms.split(", "), strict=True):
                    place = _TERM.match(term)
                    if not place:
                        raise NotModelled(statement)
                    value = parameters[int(place[1]) - 1] if place[1] else lists[place[2]][at]
                    json_column = str(stored.table.c[name].type) == "JSONB"
                    row[name] = json.loads(value) if json_column and value is not None else value
                await self._server.insert(self._transaction, stored, row, None)

    async def _record(self) -> ModelResult:
        stored, fresh = self._server.tables["inbox"], []
        for each in self._parameters["ids"]:
            row = {"consumer_group": self._parameters["group"], "event_id": each}
            if await self._server.insert(self._transaction, stored, row, OnConflict()):
                fresh.append([each])
        return ModelResult(["event_id"], fresh)

    async def _select(self, statement: Any) -> ModelResult:
        columns = _columns(statement._raw_columns)
        if statement._having_criteria or statement._offset_clause is not None:
            raise NotModelled(str(statement))
        source = _source(statement)
        if source is None:
            return ModelResult([""], [[await self._call(column) for column in columns]])
        await self._prepare(*statement._where_criteria)
        where = self._where(statement._where_criteria, source.name)
        versions: list[Version] = []
        if isinstance(source, Table):
            versions = [
                v for v in self._server.seen(self._server.tables[source.name], self._transaction) if where(v.values)
            ]
            rows = [v.values for v in versions]
        else:
            rows = [row for row in self._made[source.name] if where(row)]
        order = statement._order_by_clauses
        places = list(reversed(range(len(rows))))  # nobody may rely on an order that was not asked for
        if order:
            places.sort(key=lambda at: [_sortable(self._value(by, {source.name: rows[at]})) for by in order])
        limit = self._value(statement._limit_clause, {}) if statement._limit_clause is not None else None
        lock = statement._for_update_arg
        if lock is not None:
            claimed: list[Values] = []
            for at in places:
                if limit is not None and len(claimed) == limit:
                    break
                held = await self._server.claim(self._transaction, versions[at], where, bool(lock.skip_locked))
                if held is not None:
                    claimed.append(held.values)
            rows = claimed
        else:
            rows = [rows[at] for at in places]
        names = [_name(column) for column in columns]
        if any(_aggregate(column) is not None for column in columns):
            found = self._grouped(statement, columns, rows, source.name)
        else:
            found = [[self._value(column, {source.name: row}) for column in columns] for row in rows]
        if statement._distinct:
            found = [list(row) for row in dict.fromkeys(map(tuple, found))]
        return ModelResult(names, found[:limit] if limit is not None else found)

    def _grouped(self, statement: Any, columns: Sequence[Any], rows: Sequence[Values], name: str) -> list[list[Any]]:
        by = statement._group_by_clauses
        groups: dict[tuple[Any, ...], list[Values]] = {} if by else {(): []}
        for row in rows:
            groups.setdefault(tuple(self._value(each, {name: row}) for each in by), []).append(row)
        found = []
        for members in groups.values():
            line = []
            for column in columns:
                aggregate = _aggregate(column)
                if aggregate is None:
                    line.append(self._value(column, {name: members[0]}))
                    continue
                arguments = list(aggregate.clauses)
                values = [self._value(arguments[0], {name: m}) for m in members] if arguments else list(members)
                line.append(_AGGREGATES[aggregate.name](values))  # type: ignore[no-untyped-call]
            found.append(line)
        return found

    async def _insert(self, statement: Any) -> ModelResult:
        stored = self._server.tables[statement.table.name]
        if statement.select is not None:
            names = [name if isinstance(name, str) else name.name for name in statement._select_names]
            given = await self._run(statement.select)
            rows = [dict(zip(names, row, strict=True)) for row in given]
        elif statement._values:
            rows = [self._given(statement._values.items(), {})]
        else:
            rows = [dict(self._parameters)]
        conflict = self._conflict(statement._post_values_clause, stored.table.name)
        made = [row for each in rows if (row := await self._server.insert(self._transaction, stored, each, conflict))]
        return self._returned(statement, stored, made)

    def _conflict(self, clause: Any, table: str) -> OnConflict | None:
        if clause is None:
            return None
        if isinstance(clause, OnConflictDoUpdate):
            changes = clause.update_values_to_set

            def change(there: Values, given: Values) -> Values:
                return self._given(
                    changes.items() if isinstance(changes, dict) else changes, {"excluded": given, table: there}
                )

            return OnConflict(change)
        if isinstance(clause, OnConflictDoNothing):
            return OnConflict()
        raise NotModelled(str(clause))

    async def _update(self, statement: Any) -> ModelResult:
        stored, claimed = await self._claimed(statement)
        changed = []
        for version in claimed:
            row = {statement.table.name: version.values}
            values = self._given(statement._values.items(), row)
            changed.append((await self._server.update(self._transaction, stored, version, values)).values)
        return self._returned(statement, stored, changed)

    async def _delete(self, statement: Any) -> ModelResult:
        stored, claimed = await self._claimed(statement)
        for version in claimed:
            self._server.delete(self._transaction, version)
        return self._returned(statement, stored, [version.values for version in claimed])

    async def _claimed(self, statement: Any) -> tuple[Stored, list[Version]]:
        name = statement.table.name
        stored = self._server.tables[name]
        await self._prepare(*statement._where_criteria)
        where = self._where(statement._where_criteria, name)
        claimed = []
        for version in [v for v in self._server.seen(stored, self._transaction) if where(v.values)]:
            held = await self._server.claim(self._transaction, version, where, skip=False)
            if held is not None:
                claimed.append(held)
        return stored, claimed

    def _returned(self, statement: Any, stored: Stored, rows: Sequence[Values]) -> ModelResult:
        columns = _columns(statement._returning)
        found = [[self._value(column, {stored.table.name: row}) for column in columns] for row in rows]
        return ModelResult([_name(column) for column in columns], found)

    def _given(self, values: Iterable[tuple[Any, Any]], scope: Scope) -> Values:
        return {name if isinstance(name, str) else name.name: self._value(value, scope) for name, value in values}

    def _where(self, criteria: Sequence[Any], name: str) -> Callable[[Values], bool]:
        return lambda row: all(self._value(each, {name: row}) for each in criteria)

    async def _prepare(self, *clauses: Any) -> None:
        """Run the subqueries of a condition: none that messaging has depends on the outer row."""
        for clause in clauses:
            if isinstance(clause, selectable.ScalarSelect):
                self._subqueries[id(clause)] = (await self._run(clause.element)).scalars()
            elif isinstance(clause, (elements.BinaryExpression, elements.BooleanClauseList, elements.Grouping)):
                await self._prepare(*clause.get_children())

    async def _call(self, column: Any) -> Any:
        """A function in a SELECT without a table."""
        if isinstance(column, elements.Label):
            column = column.element
        if not isinstance(column, functions.FunctionElement):
            return self._value(column, {})
        arguments = [await self._call(each) for each in column.clauses]
        match column.name:
            case "pg_try_advisory_lock":
                return self._server.try_lock_session(self._backend, *arguments)
            case "pg_advisory_xact_lock":
                await self._server.lock_name(self._transaction, *arguments)
                return ""
            case "hashtextextended":
                return f"{arguments[1]}:{arguments[0]}"
        raise NotModelled(str(column))

    def _value(self, element: Any, scope: Scope) -> Any:
        match element:
            case elements.BindParameter():
                return self._parameters.get(element.key, element.effective_value)
            case elements.ColumnClause() if element.name == "*":
                return scope
            case elements.ColumnClause() if element.table is not None:
                table: Any = element.table
                return scope[table.name][element.name]
            case elements.BinaryExpression(
                operator=operators.eq, right=elements.CollectionAggregate(operator=operators.any_op)
            ):
                right: Any = element.right
                return _BINARY[operators.in_op](self._value(element.left, scope), self._value(right.element, scope))
            case elements.BinaryExpression() if element.operator in _BINARY:
                left, right = self._value(element.left, scope), self._value(element.right, scope)
                return _BINARY[element.operator](left, right)
            case elements.Cast() if isinstance(element.clause.type, JSON) and isinstance(element.type, Text):
                return json.dumps(self._value(element.clause, scope))
            case elements.BooleanClauseList():
                return self._boolean(element, scope)
            case elements.Label() | elements.Grouping():
                return self._value(element.element, scope)
            case selectable.ScalarSelect():
                return self._subqueries[id(element)]
            case elements.Null() | None:
                return None
            case int() | str() | bytes():
                return element
            case functions.FunctionElement() if element.name in _MOMENTS:
                return self._server.now()
            case functions.coalesce():
                values = (self._value(each, scope) for each in element.clauses)
                return next((value for value in values if value is not None), None)
            case elements.Extract() if element.field == "epoch":
                return self._value(element.expr, scope).total_seconds()
        raise NotModelled(f"{type(element).__name__}: {element}")

    def _boolean(self, element: Any, scope: Scope) -> Any:
        """Three-valued AND and OR."""
        decisive = element.operator is operators.or_
        unknown = False
        for clause in element.clauses:
            value = self._value(clause, scope)
            if value is None:
                unknown = True
            elif bool(value) is decisive:
                return decisive
        return None if unknown else not decisive


def statement_ctes(statement: Any) -> list[Any]:
    """The common table expressions of a statement, first those that others need."""
    found: list[Any] = []
    if isinstance(statement, selectable.Select):
        source = _source(statement)
        if isinstance(source, selectable.CTE):
            found.append(source)
        found += statement._independent_ctes
    return found


def _source(statement: Any) -> Any:
    """The one table or common table expression that a SELECT reads; `get_final_froms` compiles the whole statement."""
    found: dict[str, Any] = {each.name: each for each in statement._from_obj}
    for clause in (*statement._raw_columns, *statement._where_criteria):
        _sources(clause, found)
    if len(found) > 1:
        raise NotModelled(f"a join: {statement}")
    return next(iter(found.values()), None)


def _sources(clause: Any, found: dict[str, Any]) -> None:
    if isinstance(clause, selectable.FromClause) and not isinstance(clause, functions.FunctionElement):
        found[clause.name] = clause  # type: ignore[attr-defined]
    elif isinstance(clause, elements.ColumnClause):
        if clause.table is not None:
            found[clause.table.name] = clause.table  # type: ignore[attr-defined]
    elif not isinstance(clause, selectable.SelectBase):
        for child in clause.get_children():
            _sources(child, found)


def _columns(raw: Sequence[Any]) -> list[Any]:
    return [column for each in raw for column in (each.columns if isinstance(each, selectable.FromClause) else [each])]


def _name(column: Any) -> str:
    return str(getattr(column, "name", ""))


def _aggregate(column: Any) -> Any:
    inner = column.element if isinstance(column, elements.Label) else column
    if not isinstance(inner, functions.FunctionElement) or inner.name in _MOMENTS:
        return None
    if inner.name not in _AGGREGATES:
        raise NotModelled(str(column))
    return inner


def _sortable(value: Any) -> tuple[bool, Any]:
    return (value is None, value)
