"""`python -m tests.mutants PART`: the share of planted bugs that the tests without servers notice, and the others.

The tests are collected once, and run once to learn which of them come by which line. Each mutant is a copy of that
process in which the code of one function is exchanged, and runs the tests that come by the changed line, quickest
first, up to the first that fails.
"""

import argparse
import gc
import os
import pickle
import random
import signal
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import _lru_cache_wrapper
from pathlib import Path
from types import FrameType, FunctionType
from typing import Any

import pytest

from tests.mutants.operators import ROOT, Mutant, mutants, mutated

_SERVICES = (
    "services/*/*/domain.py",
    "services/*/*/domain/*.py",
    "services/*/*/*/domain.py",
    "services/*/*/*/domain/*.py",
)
PARTS: Mapping[str, tuple[str, ...]] = {
    "messaging": ("shared/messaging/*.py",),
    "domain": _SERVICES,
    "reference": ("shared/reference/*.py", "shared/reference/guide/*.py"),
}
# Started by operators, with tests that run it as a command.
_NOT_MUTATED = ("__main__.py",)
TESTS = ("tests/unit", "tests/services", "tests/messaging", "tests/simulation", "tests/cases", "tests/timers")
# Without the addopts of pyproject.toml, which belong to a terminal.
_OPTIONS = ("-o", "addopts=", "--import-mode=importlib", "-m", "not server and not system")
_WITHOUT = ("terminal", "cacheprovider", "schemathesis", "junitxml")
# A mutant may take as long as its tests do, a few times over, before it counts as noticed.
_PATIENCE, _AT_LEAST_SECONDS = 5, 15
_MOST_TESTS = 60

Lines = set[tuple[str, int]]


@dataclass
class Came:
    """The tests that come by each line, and the seconds that each test takes."""

    by: dict[tuple[str, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    seconds: dict[int, float] = field(default_factory=dict)

    def tests(self, mutant: Mutant) -> list[int]:
        """The tests that come by a mutant, quickest first."""
        lines = range(mutant.first, mutant.last + 1)
        found = {test for line in lines for test in self.by.get((str(mutant.path), line), ())}
        return sorted(found, key=lambda test: self.seconds[test])[:_MOST_TESTS]


class Mutating:
    """The plugin that runs mutants in place of the tests."""

    def __init__(self, chosen: list[Mutant], ends: float) -> None:
        self.chosen = chosen
        self.ends = ends
        self.outcomes: dict[str, list[Mutant]] = defaultdict(list)
        self._failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed = self._failed or report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        gc.unfreeze()
        came = _in_copy(lambda: self._watch(session))
        functions = _functions_of({str(each.path) for each in self.chosen})
        say(f"{len(came.seconds)} tests pass; {len(self.chosen)} mutants")
        for mutant in self.chosen:
            if time.monotonic() > self.ends:
                say("the time is over")
                break
            outcome = self._outcome(session, mutant, came, functions)
            self.outcomes[outcome].append(mutant)
            if outcome == "survived":
                say(f"survived: {mutant}")
        return True

    def _outcome(
        self, session: pytest.Session, mutant: Mutant, came: Came, functions: Mapping[tuple[str, str, int], list[Any]]
    ) -> str:
        tests = came.tests(mutant)
        if not tests:
            return "not reached"
        seconds = max(_AT_LEAST_SECONDS, _PATIENCE * sum(came.seconds[test] for test in tests))

        found, code = functions[str(mutant.path), mutant.function, mutant.starts], mutated(mutant)

        def run() -> None:
            _forget_answers()
            for function in found:
                function.__code__ = code
            for test, then in zip(tests, [*tests[1:], None], strict=True):
                self._run(session.items[test], None if then is None else session.items[then])
                if self._failed:
                    os._exit(1)

        return "survived" if _passes(run, seconds) else "noticed"

    def _run(self, item: pytest.Item, then: pytest.Item | None) -> float:
        began = time.monotonic()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=then)
        return time.monotonic() - began

    def _watch(self, session: pytest.Session) -> Came:
        """Each test once; one that fails takes no part."""
        _forget_answers()
        watched, came = {str(each.path) for each in self.chosen}, Came()
        lines: Lines = set()

        def step(frame: FrameType, event: str, _: object) -> Any:
            lines.add((frame.f_code.co_filename, frame.f_lineno))
            return step

        def enter(frame: FrameType, event: str, _: object) -> Any:
            return step(frame, event, None) if frame.f_code.co_filename in watched else None

        for number, (item, then) in enumerate(zip(session.items, [*session.items[1:], None], strict=True)):
            lines.clear()
            threading.settrace(enter)
            sys.settrace(enter)
            seconds = self._run(item, then)
            sys.settrace(None)
            threading.settrace(None)
            if self._failed:
                self._failed = False
                say(f"fails without a mutant: {item.nodeid}")
            elif lines:
                came.seconds[number] = seconds
                for line in lines:
                    came.by[line].append(number)
        came.by = dict(came.by)
        return came


def _functions_of(paths: Iterable[str]) -> dict[tuple[str, str, int], list[Any]]:
    """The functions of files as they are in memory, by file, qualified name and first line."""
    found = defaultdict(list)
    wanted = set(paths)
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename in wanted:
            code = each.__code__
            found[code.co_filename, code.co_qualname, code.co_firstlineno].append(each)
    return found


def _forget_answers() -> None:
    """Clear what functions of ours keep of their answers: they were asked while the tests were collected."""
    for each in gc.get_objects():
        if isinstance(each, _lru_cache_wrapper) and each.__module__.startswith(("services.", "shared.")):
            each.cache_clear()


def _in_copy(make: Callable[[], Any]) -> Any:
    """Run `make` in a copy of this process; its answer."""
    reading, writing = os.pipe()
    if not (child := os.fork()):
        os.close(reading)
        _be_quiet()
        with os.fdopen(writing, "wb") as stream:
            pickle.dump(make(), stream)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        made = pickle.load(stream)  # of a copy of this process
    os.waitpid(child, 0)
    return made


def _passes(run: Callable[[], None], seconds: float) -> bool:
    """Whether `run` comes to its end in a copy of this process, in time."""
    if not (child := os.fork()):
        os.setpgid(0, 0)
        _be_quiet()
        try:
            run()
        except BaseException:
            os._exit(1)
        os._exit(0)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status == 0
        time.sleep(0.01)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def _be_quiet() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def say(text: str) -> None:
    """A line of the report, also while pytest captures."""
    os.write(_OUT, f"{text}\n".encode())


def files_of(part: str) -> list[Path]:
    """The files of a part."""
    return sorted(p for pattern in PARTS[part] for p in ROOT.glob(pattern) if p.name not in _NOT_MUTATED)


def choose(part: str, sample: int, seed: int, shard: tuple[int, int]) -> list[Mutant]:
    """The mutants of a part that a seed draws; of them those of a shard (number, of how many)."""
    every = [mutant for path in files_of(part) for mutant in mutants(path)]
    drawn = random.Random(seed).sample(every, min(sample, len(every)))
    number, of = shard
    return drawn[number - 1 :: of]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutants", description="Plant small bugs and count those found."
    )
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shard", type=lambda text: tuple(map(int, text.split("/"))), default=(1, 1))
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--tests", nargs="*", default=TESTS)
    options = parser.parse_args(arguments)
    chosen = choose(options.part, options.sample, options.seed, options.shard)
    mutating = Mutating(chosen, time.monotonic() + 60 * options.minutes)
    without = [part for name in _WITHOUT for part in ("-p", f"no:{name}")]
    status = pytest.main([*_OPTIONS, *without, *options.tests], plugins=[mutating])
    counts = Counter({name: len(found) for name, found in mutating.outcomes.items()})
    reached = counts["noticed"] + counts["survived"]
    if not reached:
        say(f"no mutant ran; pytest ended with {status}")
        return 1
    for mutant in mutating.outcomes["not reached"]:
        say(f"not reached: {mutant}")
    share = f"{counts['noticed']} of {reached} noticed ({counts['noticed'] / reached:.0%})"
    rest = f"{counts['survived']} survived; no test without servers comes by {counts['not reached']} others"
    say(f"{options.part}, seed {options.seed}: {share}; {rest}")
    return 0


_OUT = os.dup(1)

if __name__ == "__main__":
    sys.exit(main())
