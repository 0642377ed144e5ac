"""Notes of what is read while tests run: of events by the services that handle them, of answers by the gateway."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

from shared.events import CATALOGUE, TOPICS
from shared.events.base import Event, Part

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
ASKING = ("call", "delete", "fetch", "file", "file_for", "download", "forward")
# Passes on what programs from outside ask for.
_PROXY = "services.gateway.edge.proxy"
_PASSED_ON = ("services.gateway.pages.kit.client", "services.gateway.edge.upstream", _PROXY)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that the gateway made of a service."""

    service: str
    method: str
    path: str


# What was read: consumer and event, or the request; the path of the field. With the test that did it first.
events: dict[tuple[str, str, str], str] = {}
answers: dict[tuple[Asked, str], str] = {}
# Functions of the gateway that asked a service.
asking: dict[str, str] = {}
# Whether nothing is noted: what the test comes by differs from run to run.
aside = False

# The events that are being handled, and the parts of them: by the id of the object, where it stands.
_handled: dict[int, tuple[str, str, str]] = {}
_CONSUMERS = frozenset(topic.partition(".")[0] for topic in TOPICS)
_CATALOGUE = frozenset(CATALOGUE)


@contextmanager
def handling(consumer: str, handled: Sequence[Event]) -> Iterator[None]:
    """Note what is read of `handled` meanwhile."""
    ids = [each for event in handled for each in _hand_over(consumer, event)]
    try:
        yield
    finally:
        for each in ids:
            _handled.pop(each, None)


def _hand_over(consumer: str, event: Event) -> list[int]:
    if consumer not in _CONSUMERS or type(event) not in _CATALOGUE:
        return []
    subject = type(event).event_type().removeprefix("zairyu.")
    _note_event(consumer, subject, "")
    ids = []
    for path, part in _parts(event, ""):
        _handled[id(part)] = (consumer, subject, path)
        ids.append(id(part))
    return ids


def _parts(value: Any, path: str) -> Iterator[tuple[str, Part]]:
    """The event and the parts inside it, with their places."""
    if isinstance(value, Part):
        yield path, value
        for name, inner in vars(value).items():
            yield from _parts(inner, f"{path}/{name}".strip("/"))
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _parts(inner, f"{path}/*".strip("/"))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _parts(inner, f"{path}/*".strip("/"))


def _note_event(consumer: str, subject: str, path: str) -> None:
    if (consumer, subject, path) not in events and not aside:
        events[consumer, subject, path] = _test()


def _test() -> str:
    return os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]


def _attribute(self: Part, name: str) -> Any:
    """`__getattribute__` of events and their parts."""
    if _handled and name[0] != "_" and (place := _handled.get(id(self))):
        return _noted(self, name, *place)
    return object.__getattribute__(self, name)


def _noted(part: Part, name: str, consumer: str, subject: str, within: str) -> Any:
    fields = type(part).model_fields
    value = object.__getattribute__(part, name)
    if name in fields:
        _note_event(consumer, subject, f"{within}/{name}".strip("/"))
    elif name in ("model_dump", "model_dump_json", "model_copy"):

        @wraps(value)
        def dump(*args: Any, include: Any = None, exclude: Any = (), **options: Any) -> Any:
            for each in fields:
                if (include is None or each in include) and each not in (exclude or ()):
                    _note_event(consumer, subject, f"{within}/{each}".strip("/"))
            narrowed = {"include": include} if include is not None else {}
            return value(*args, **narrowed, **({"exclude": exclude} if exclude else {}), **options)

        return dump
    return value


class Kept(dict[str, Any]):
    """A part of an answer, which notes what is read of it."""

    __slots__ = ("_asked", "_path")

    def __init__(self, values: dict[str, Any], asked: Asked, path: str) -> None:
        super().__init__({name: kept(value, asked, f"{path}/{name}".strip("/")) for name, value in values.items()})
        self._asked, self._path = asked, path

    def _note(self, name: object) -> None:
        if isinstance(name, str):
            note_answer(self._asked, f"{self._path}/{name}".strip("/"))

    def __getitem__(self, name: str) -> Any:
        self._note(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self._note(name)
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        # With an iterator of its own, `dict(...)` and `**` ask for each value.
        return super().__iter__()

    def get(self, name: str, default: Any = None) -> Any:
        self._note(name)
        return super().get(name, default)

    def pop(self, name: str, *default: Any) -> Any:
        self._note(name)
        return super().pop(name, *default)

    def items(self) -> Any:
        return [(name, self[name]) for name in self]

    def values(self) -> Any:
        return [self[name] for name in self]

    def __or__(self, other: Any) -> Any:
        return {**self, **other}


def kept(value: Any, asked: Asked, path: str) -> Any:
    """`value` of an answer, each part of which notes what is read of it."""
    if isinstance(value, dict):
        return Kept(value, asked, path)
    if isinstance(value, list):
        return [kept(each, asked, f"{path}/*".strip("/")) for each in value]
    return value


def note_answer(asked: Asked, path: str) -> None:
    """Note that a field of an answer is read; "" is the answer itself."""
    if (asked, path) not in answers and not aside:
        answers[asked, path] = _test()


def observe() -> None:
    """Have notes made from now on, in this process."""
    if Part.__getattribute__ is _attribute:
        return
    Part.__getattribute__ = _attribute  # type: ignore[method-assign, assignment]
    _observe_dispatch()
    _observe_gateway()


def _observe_dispatch() -> None:
    from shared.messaging.handlers import Dispatch

    handle = Dispatch.handle

    @wraps(handle)
    async def noted(self: Dispatch, session: Any, deliveries: Sequence[Any]) -> None:
        with handling(self._keys.service, [event for _, event in deliveries]):
            await handle(self, session, deliveries)

    Dispatch.handle = noted  # type: ignore[method-assign]


def _observe_gateway() -> None:
    from services.gateway.edge import upstream
    from services.gateway.pages.kit import client

    send, read_reply = upstream.Upstreams.send, upstream.read_reply

    @dataclass(frozen=True)
    class Noted(upstream.Reply):
        asked: Asked

        def json(self) -> Any:
            body = super().json()
            return body if self.status_code >= 400 else kept(body, self.asked, "")

    @wraps(send)
    def noted_send(self: Any, service: str, method: str, path: str, **options: Any) -> Any:
        asked = Asked(service, method, _UUID.sub("{}", path.partition("?")[0]))
        is_own = sys._getframe(1).f_globals["__name__"] != _PROXY

        async def sent() -> Any:
            answer = await send(self, service, method, path, **options)
            answer._noted = asked  # type: ignore[attr-defined]
            if is_own and answer.status < 400:
                note_answer(asked, "")
            return answer

        return sent()

    @wraps(read_reply)
    async def noted_reply(answer: Any) -> upstream.Reply:
        reply = await read_reply(answer)
        return Noted(reply.status_code, reply.headers, reply.content, answer._noted)

    upstream.Upstreams.send = noted_send  # type: ignore[method-assign]
    upstream.read_reply = client.read_reply = noted_reply  # type: ignore[attr-defined]
    for owner, names in ((client.ServiceClient, ASKING), (upstream.Upstreams, ("call",))):
        for name in names:
            setattr(owner, name, _noting_caller(getattr(owner, name)))


def _noting_caller(method: Callable[..., Any]) -> Callable[..., Any]:
    """`method`, which notes the function that calls it: not a coroutine, so that the caller is the frame above."""

    @wraps(method)
    def noted(*args: Any, **named: Any) -> Any:
        frame = sys._getframe(1)
        module = frame.f_globals["__name__"]
        if not aside and module.startswith("services.gateway.") and module not in _PASSED_ON:
            asking.setdefault(f"{module}:{frame.f_code.co_qualname.partition('.<locals>')[0]}", _test())
        return method(*args, **named)

    return noted
