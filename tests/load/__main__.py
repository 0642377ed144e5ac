"""`make load` and `make sustained`: people and programs at a system, and what must hold afterwards.

0 when no request failed and nothing was lost; 1 with the reasons otherwise.
"""

import argparse
import asyncio
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from deploy.demo import papers
from deploy.demo.problems import StepFailed
from deploy.local.problems import StackProblem
from deploy.local.stack import DATA
from tests.load import report
from tests.load.large import large_pdf
from tests.load.plan import People, Plan
from tests.load.preparing import Prepared, Preparing, Say
from tests.load.profiles import Profile, read_profiles
from tests.load.running import Watch, read_receipts, run
from tests.load.site import LocalSite, Site, site_under_load

_SUBMIT, _WHOLE = "submit, from its due time", "application, from its due time"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The reasons why a load was not as it should be, and the folder of its report."""

    wrong: tuple[str, ...]
    folder: Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the two commands."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--into", type=Path, default=DATA / "load", help="the folder of reports")
    commands = parser.add_subparsers(dest="command", required=True)
    profile = commands.add_parser("profile", help="the people of a profile")
    profile.add_argument("profile", choices=sorted(read_profiles()))
    profile.add_argument("--users", type=int, default=20)
    profile.add_argument("--seconds", type=float, default=120)
    profile.add_argument("--thinking", type=float, default=1.0, help="what every pause is multiplied with")
    profile.add_argument("--patient", action="store_true", help="ask again where nobody answers, as on a busy machine")
    sustained = commands.add_parser("sustained", help="an open load, minute by minute")
    sustained.add_argument("--rate", type=float, default=50, help="ready drafts submitted in a second")
    sustained.add_argument("--whole", type=float, default=10, help="whole applications in a second")
    sustained.add_argument("--minutes", type=float, default=60, help="of each of the two")
    sustained.add_argument("--faults", action="store_true", help="kill a service each minute")
    given = parser.parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        with site_under_load(say=_say) as site:
            outcome = asyncio.run(_chosen(site, given))
    except (StackProblem, StepFailed) as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    for line in outcome.wrong:
        print(f"wrong: {line}")
    print(f"report: {outcome.folder}")
    return 1 if outcome.wrong else 0


async def _chosen(site: Site, given: argparse.Namespace) -> Outcome:
    name = given.profile if given.command == "profile" else "sustained"
    folder = _folder(given.into, name)
    if given.command == "profile":
        profile = read_profiles()[name]
        return await load(site, folder, profile, given.users, given.seconds, given.thinking, patient=given.patient)
    if not isinstance(site, LocalSite):
        raise StepFailed("an open load is for a system of this machine, whose memory and processes can be looked at")
    return await sustain(site, folder, given.rate, given.whole, given.minutes, given.faults)


async def load(
    site: Site,
    folder: Path,
    profile: Profile,
    users: int,
    seconds: float,
    thinking: float,
    *,
    errands: bool = False,
    patient: bool = False,
    say: Say = print,
) -> Outcome:
    """Play a profile for so many seconds, or until an errand of each kind is done, and look afterwards.

    `patient` people ask again where nobody answers; what they are answered then counts.
    """
    facts = report.machine()
    counts = profile.counts(users)
    made = await site.prepare(profile, counts, say)
    _files(folder, large="LargeFileSender" in counts)
    people = [People(part.kind, counts[part.kind], part.think, part.own) for part in profile.people]
    plan = Plan(
        site.url, folder, people, made.accounts, made.filed, thinking=thinking, patient=patient, errands=errands
    )
    watch = Watch(site.system) if isinstance(site, LocalSite) else None
    as_expected = await run(plan, seconds, profile.spawn, watch, say)
    return await _looked(site, folder, facts, watch, made, as_expected, (), say)


async def sustain(
    site: LocalSite, folder: Path, rate: float, whole: float, minutes: float, faults: bool, say: Say = print
) -> Outcome:
    """Submit ready drafts at an open rate, then whole applications, and look afterwards."""
    facts = report.machine()
    preparing = Preparing(site.system, say)
    say("making accounts")
    await preparing.officers({})
    await preparing.offices(10)
    await preparing.drafts(round(rate * minutes * 60))
    _files(folder, large=False)
    await site.settle()
    watch = Watch(site.system, faults)
    as_expected = True
    for kind, each in (("Submitter", rate), ("WholeFiler", whole)):
        if each:
            # Enough of them that a second's answers may be late without anybody being late for a turn.
            people = [People(kind, max(10, round(each * 4)), (0.0, 0.0))]
            plan = Plan(
                site.url, folder, people, preparing.made.accounts, drafts=preparing.made.drafts, rate=each,
                seconds=minutes * 60, patient=faults,
            )  # fmt: skip
            as_expected &= await run(plan, minutes * 60 + 30, 5, watch, say)
            (folder / "report.html").rename(folder / f"{kind.lower()}.html")
    return await _looked(site, folder, facts, watch, preparing.made, as_expected, (_SUBMIT, _WHOLE), say)


def _files(folder: Path, *, large: bool) -> None:
    (folder / "face.jpg").write_bytes(papers.face_photo())
    (folder / "papers.pdf").write_bytes(papers.evidence(4))
    if large:
        (folder / "large.pdf").write_bytes(large_pdf())


async def _looked(
    site: Site,
    folder: Path,
    facts: dict[str, str],
    watch: Watch | None,
    made: Prepared,
    as_expected: bool,
    names: Sequence[str],
    say: Say,
) -> Outcome:
    facts["load after"] = " ".join(f"{one:.1f}" for one in psutil.getloadavg())
    wrong = [] if as_expected else ["requests failed, or were answered otherwise than a person expects: locust.log"]
    receipts = [*made.receipts, *read_receipts(folder)]
    try:
        facts["everything arrived after"] = f"{await site.settle():.0f} s"
    except StepFailed as failure:
        wrong.append(str(failure))
    say(f"{len(receipts)} applications were filed; looking for each, and asking the invariants")
    wrong += await site.wrong(receipts)
    minutes = watch.minutes if watch else []
    wrong += report.growing(minutes)
    rows = report.by_minute(report.read_requests(folder / "requests.csv"), minutes, names)
    report.write(folder, facts, rows, wrong)
    say(report.table(rows, [name for name in (rows[0] if rows else {}) if not name.startswith("MB ")]))
    if wrong and watch:
        logs = watch.system.stack.directory / "run"
        shutil.copytree(logs, folder / "run", ignore=lambda _, names: [one for one in names if ".log" not in one])
    return Outcome(tuple(wrong), folder)


def _folder(into: Path, name: str) -> Path:
    folder = into / f"{time.strftime('%Y%m%d-%H%M%S')}-{name}"
    folder.mkdir(parents=True)
    return folder


def _say(line: str) -> None:
    print(f"zairyu: {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
