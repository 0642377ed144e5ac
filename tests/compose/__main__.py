"""`make test-compose`: docker-compose.yml is started, the case played through its ports, each container restarted."""

import asyncio
import os
import platform
import sys
import time
from datetime import UTC, datetime

from deploy.demo.problems import StepFailed
from deploy.demo.story import Story
from deploy.drill.transcript import Transcript
from tests.compose.engine import Engine, LeftOut, engine
from tests.compose.images import ROOT
from tests.compose.project import Project, Wrong
from tests.compose.walk import Walk

_DATA = ROOT / ".zairyu"
# Bytes of an image, with its base.
LARGEST = 250_000_000


def main() -> int:
    """0 when all went well, or nothing can be done here; 1 with the reason otherwise."""
    try:
        with engine(_DATA) as found:
            _prove(found, Transcript())
    except LeftOut as reason:
        print(f"left out: {reason}")
        return 0
    except (Wrong, StepFailed) as problem:
        print(f"error: {problem}\nlogs of the containers: {_DATA / 'compose' / 'logs.txt'}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _prove(found: Engine, transcript: Transcript) -> None:
    began = time.monotonic()
    machine = f"{os.cpu_count()} cores, {platform.system()}, engine {found.client.version()['Version']}"
    transcript.say(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine}")
    project = Project(found, _DATA / "compose")
    with transcript.step("Images"):
        project.prepare()
        for tag in project.stood_in:
            transcript.say(f"  stood in for: {tag}")
        _compare_sizes(project, transcript)
    with project.running():
        with transcript.step("Start"):
            project.start()
            transcript.say(f"  {len(project.lasting())} containers are healthy, the others have ended well")
        walk = Walk(project)
        with transcript.step("The case, from registration to the mailed card"):
            story = Story(quiet=True)
            receipt_number = asyncio.run(walk.whole(story))
            transcript.say(f"  {receipt_number}: {len(story.lines)} steps, events and mails")
        with transcript.step("Each container is restarted"):
            asyncio.run(_restart_each(project, walk, transcript))
    transcript.say(f"\nall went well, in {time.monotonic() - began:.0f} s")


def _compare_sizes(project: Project, transcript: Transcript) -> None:
    transcript.say(f"\n  {'image':<28} {'MB':>5} {'of its own':>11}")
    sizes = project.sizes()
    for image, (size, base) in sizes.items():
        transcript.say(f"  {image:<28} {size / 1e6:>5.0f} {(size - base) / 1e6:>11.0f}")
    if large := [image for image, (size, _) in sizes.items() if size > LARGEST]:
        raise Wrong(f"larger than it may be: {', '.join(large)}")


async def _restart_each(project: Project, walk: Walk, transcript: Transcript) -> None:
    transcript.say(f"\n  {'container':<20} {'stopped, s':>10} {'exit':>5} {'all well, s':>12}  filed after it")
    async with walk.staff() as staff:
        for service in project.lasting():
            container = await asyncio.to_thread(project.container, service)
            stopping = time.monotonic()
            await asyncio.to_thread(container.stop)
            stopped = time.monotonic() - stopping
            code = (await asyncio.to_thread(project.container, service)).attrs["State"]["ExitCode"]
            await asyncio.to_thread(container.start)
            well = await asyncio.to_thread(project.wait_until_well)
            filed = await walk.file(staff)
            transcript.say(f"  {service:<20} {stopped:>10.1f} {code:>5} {well:>12.1f}  {filed}")
            if code == 137:
                raise Wrong(f"{service} did not end when it was asked to, and was killed")


if __name__ == "__main__":
    sys.exit(main())
