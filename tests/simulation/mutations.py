"""Bugs planted in the core, one at a time: the simulation has to find each."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType


@dataclass(frozen=True)
class Mutation:
    """In `module`, each `old` is replaced by its `new`. An `old` that is not there exactly once is an error."""

    module: str
    changes: tuple[tuple[str, str], ...]


_SORTED = "rows = sorted(await connection.execute(_take(self._batch_size)), key=itemgetter(0))"
_LOCKED = "await deadletters.lock(session, self.group, place[1])\n                letter ="
_FRESH = "fresh = await inbox.record(session, self.group, remembered) if remembered else set()"
_POLLED = "await self._handle_batch(batch)\n                self._advance(batch[-1].offset + 1)"

MUTATIONS = {
    "rows of the outbox deleted before the broker acknowledged": Mutation(
        "shared.messaging.relay",
        (("            metrics.OLDEST", "            await connection.commit()\n            metrics.OLDEST"),),
    ),
    "a cursor in place of deleting what was read": Mutation(
        "shared.messaging.relay",
        (
            (
                _SORTED,
                f"{_SORTED}\n            rows = [row for row in rows if row[0] > getattr(self, 'last', 0)]"
                "\n            self.last = max([row[0] for row in rows], default=getattr(self, 'last', 0))",
            ),
        ),
    ),
    "a batch of the outbox sent unsorted": Mutation(
        "shared.messaging.relay", ((_SORTED, _SORTED.replace("sorted(", "list(").replace(", key=itemgetter(0)", "")),)
    ),
    "several relays that skip each other's rows": Mutation(
        "shared.messaging.relay",
        (
            ("while not await connection.scalar(select(func.pg_try_advisory_lock(LOCK))):", "while False:"),
            (
                ".order_by(outbox.c.position).limit(count)",
                ".order_by(outbox.c.position).limit(count).with_for_update(skip_locked=True)",
            ),
        ),
    ),
    "offset committed before the effect": Mutation(
        "shared.messaging.lane",
        ((_POLLED, "self._advance(batch[-1].offset + 1)\n                await self._handle_batch(batch)"),),
    ),
    "offset of an event committed before it is settled": Mutation(
        "shared.messaging.lane",
        (("self._advance(item.received.offset)", "self._advance(item.received.offset + 1)"),),
    ),
    "inbox not asked in a batch": Mutation(
        "shared.messaging.effects", ((_FRESH, "fresh = {envelope.id for envelope, _ in deliveries}"),)
    ),
    "an event twice in one batch has two effects": Mutation(
        "shared.messaging.effects", (("            left.remove(envelope.id)\n", ""),)
    ),
    "inbox row committed before the effect": Mutation(
        "shared.messaging.effects", ((_FRESH, f"{_FRESH}\n            await session.commit()"),)
    ),
    "an event alone does not wait behind a letter": Mutation(
        "shared.messaging.effects",
        (("if await deadletters.wait_behind(session, self.group, item, self._clock.now()):", "if False:"),),
    ),
    "a batch does not look for letters": Mutation(
        "shared.messaging.effects",
        (
            (
                "held |= await deadletters.blocked(session, self.group, (item.received.key for item in items))",
                "await deadletters.blocked(session, self.group, ())",
            ),
        ),
    ),
    "no lock in a replay": Mutation("shared.messaging.replay", ((_LOCKED, "letter ="),)),
    "waiting letters left behind by a replay": Mutation(
        "shared.messaging.replay",
        (
            (
                "await session.execute(update(dead_letters).where(behind).values(waiting_for=first.id))",
                "pass",
            ),
        ),
    ),
    "a timer taken without a lock": Mutation(
        "shared.timers.worker", (("            .with_for_update(skip_locked=True)\n", ""),)
    ),
}


class _Loader(SourceFileLoader):
    """The source with the changes of a mutation; never from compiled code."""

    def __init__(self, name: str, path: str, changes: Sequence[tuple[str, str]]) -> None:
        super().__init__(name, path)
        self._changes = changes

    def get_code(self, fullname: str) -> object:  # type: ignore[override]
        source = self.get_data(self.path).decode()
        for old, new in self._changes:
            if source.count(old) != 1:
                raise LookupError(f"{old!r} stands {source.count(old)} times in {self.path}: renew the mutation")
            source = source.replace(old, new)
        return compile(source, self.path, "exec")


class _Finder(MetaPathFinder):
    def __init__(self, mutation: Mutation) -> None:
        self._mutation = mutation

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._mutation.module:
            return None
        spec = PathFinder.find_spec(fullname, path)
        assert spec is not None and spec.origin is not None
        loader: Loader = _Loader(fullname, spec.origin, self._mutation.changes)
        spec.loader = loader
        return spec


def plant(name: str) -> None:
    """Plant a bug in this process, before the core is imported."""
    mutation = MUTATIONS[name]
    if mutation.module in sys.modules:
        raise RuntimeError(f"{mutation.module} is imported already")
    sys.meta_path.insert(0, _Finder(mutation))
