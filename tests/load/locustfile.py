"""The file that Locust opens: the people of the plan, and a line for every request.

Locust replaces sockets, threads and time of its process with those of gevent. Nothing that runs an event loop of its
own is imported here, and nothing but Locust imports this file.
"""

import os
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from types import new_class
from typing import Any

import gevent
from locust import events

from tests.load.people.applicants import LargeFileSender, PageApplicant, ProgramApplicant
from tests.load.people.officers import ApprovingChief, ChiefExaminer, Examiner
from tests.load.people.open_load import Submitter, WholeFiler
from tests.load.people.organisations import BulkOffice
from tests.load.people.person import Person
from tests.load.people.readers import MorningVisitor, ResultReader, StatusReader
from tests.load.plan import VARIABLE, People, Plan
from tests.load.timetable import Timetable

KINDS: tuple[type[Person], ...] = (
    ApprovingChief,
    BulkOffice,
    ChiefExaminer,
    Examiner,
    LargeFileSender,
    MorningVisitor,
    PageApplicant,
    ProgramApplicant,
    ResultReader,
    StatusReader,
    Submitter,
    WholeFiler,
)
PLAN = Plan.read(Path(os.environ[VARIABLE]))
_REQUESTS = (PLAN.folder / "requests.csv").open("a", buffering=1)


def keep(request_type: str, name: str, response_time: float, exception: Exception | None, **_: Any) -> None:
    """Keep the moment, what it was, milliseconds, and whether it failed."""
    _REQUESTS.write(f'{time.time():.3f},{request_type},"{name}",{response_time:.1f},{int(exception is not None)}\n')


class Ending:
    """The end of a run in which each kind of people has done an errand."""

    def __init__(self) -> None:
        self.environment: Any = None
        self._missing = {people.kind for people in PLAN.people}

    def begin(self, environment: Any, **_: Any) -> None:
        """Know the run that is to end."""
        self.environment = environment

    def count(self, request_type: str, name: str, **_: Any) -> None:
        """End it after the last kind's first errand."""
        if request_type == "ERRAND" and name in self._missing:
            self._missing.discard(name)
            if not self._missing:
                # Not by this person, who would wait for their own end.
                gevent.spawn(self.environment.runner.quit)


def _listen() -> None:
    listen: Any = events
    listen.request.add_listener(keep)
    if PLAN.errands:
        ending = Ending()
        listen.init.add_listener(ending.begin)
        listen.request.add_listener(ending.count)


_listen()


def _made(people: People, turns: dict[str, Iterator[int]]) -> type[Person]:
    base = next(kind for kind in KINDS if kind.__name__ == people.kind)
    values: dict[str, Any] = {
        "abstract": False,
        "fixed_count": people.count,
        "host": PLAN.url,
        "plan": PLAN,
        "think": people.think,
        "own": people.own,
        "turns": turns[base.role],
        "timetable": Timetable(PLAN.rate, round(PLAN.rate * PLAN.seconds)) if PLAN.rate else None,
        "drafts": {login_id: list(those) for login_id, those in PLAN.drafts.items()},
    }
    return new_class(people.kind, (base,), exec_body=lambda made: made.update(values))


_TURNS: dict[str, Iterator[int]] = defaultdict(count)
# Locust finds people among the names of the file; those that are imported are abstract.
globals().update({f"{people.kind}OfThePlan": _made(people, _TURNS) for people in PLAN.people})
