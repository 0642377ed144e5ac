"""`make drill`: file, lose everything, restore to a point in time, and prove what is there.

The steps are those of docs/operations/restore.md. 0 when everything that was acknowledged before the point in time is
there and goes on; 1 with the reason otherwise.
"""

import argparse
import asyncio
import platform
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil

from deploy.demo import __main__ as demo
from deploy.demo.letters import Letters, body_of
from deploy.demo.problems import StepFailed
from deploy.demo.story import Story
from deploy.drill import files, runbook
from deploy.drill.filing import file
from deploy.drill.looking import rows, unseen, value, wait
from deploy.drill.transcript import Transcript
from deploy.local.clean import clean
from deploy.local.environment import environment
from deploy.local.ports import Ports
from deploy.local.problems import StackProblem
from deploy.local.stack import DATA, SERVICES_WITH_DATABASE, LocalStack
from deploy.local.system import System, running_system

_SUBSCRIPTIONS = (
    "from services.{0}.app import create_app; from services.{0}.settings import Settings;"
    "print(*(each.event_type() for each in create_app(Settings.read()).state.handlers))"
)
# The drill has to end on a machine with other work as well.
_PATIENT = {"ZAIRYU_UPSTREAM_SECONDS": "120"}
# Applications before the moment whose files the copy lacks, each with a photo of its own.
_FILED_AFTER_THE_COPY = 4


class Drill:
    """One drill on a directory of its own. `kept` is what no loss reaches: backup, archive, copy."""

    def __init__(self, directory: Path, transcript: Transcript) -> None:
        self.transcript = transcript
        self.directory = directory
        self.kept = directory / "kept"
        self.without_object: set[str] = set()
        self.backup, self.archive = self.kept / "backup", self.kept / "archive"
        self.ports = Ports.free()
        self.login_id = ""
        self.acknowledged: list[str] = []
        self.lost: list[str] = []
        self.moment = ""
        self.subscriptions: dict[str, list[str]] = {}

    def run(self) -> None:
        """The whole drill."""
        stack = self._stack()
        try:
            with running_system(stack=stack.start(), further=_PATIENT) as system:
                self.live(system)
                began = time.monotonic()
                self.lose(system)
            self.restore(stack)
            with self.transcript.step(runbook.START), running_system(stack=stack, further=_PATIENT) as system:
                restored = time.monotonic() - began
                self.transcript.say(f"  the services are ready {restored:.0f} s after the loss")
                self.check(system)
            self.transcript.say(
                f"\nRestored: services ready after {restored:.0f} s, all checks done after "
                f"{time.monotonic() - began:.0f} s."
            )
        finally:
            stack.stop()

    def _stack(self) -> LocalStack:
        return LocalStack(self.directory, self.ports, archive=self.archive)

    def live(self, system: System) -> None:
        """People file and officers decide, backups are made. Events of the last filings are at the broker alone."""
        say, postgres = self.transcript.say, system.stack.postgres
        outcome = asyncio.run(demo.show(system, Story(quiet=True)))
        self.login_id, self.acknowledged = outcome.login_id, [outcome.receipt_number]
        say(f"the case of the demonstration is decided and its card mailed: {outcome.receipt_number}")
        for service in SERVICES_WITH_DATABASE:
            self.subscriptions[service] = self._module(
                system.stack, service, "-c", _SUBSCRIPTIONS.format(service)
            ).split()
        with self.transcript.step(runbook.BACK_UP_DATABASES):
            for command in (runbook.BASE_BACKUP, runbook.VERIFY_BACKUP):
                postgres.tool(*command.replace("BACKUP", str(self.backup)).split())
                self.transcript.ran(command)
        self._file(system, 2, "after the base backup")
        with self.transcript.step(runbook.COPY_FILES):
            say(f"  {files.copy_out(system.stack.object_store, self.kept)} objects copied")
        self._file(system, 2, "after the copy of the files")
        wait("all events read", lambda: not unseen(postgres, self.subscriptions))
        system.services["review"].kill()
        self._file(system, 2, "while the review service is down: of its events only the broker knows")
        wait("the outbox sent", lambda: value(postgres, "application", "SELECT count(*) FROM outbox") == 0)
        behind = unseen(postgres, self.subscriptions).get("review", 0)
        if not behind:
            raise StepFailed("the broker is to lose events that the review service has not read, and there are none")
        say(f"  {behind} events are with the broker, and not yet with the review service")
        self.moment = str(value(postgres, "application", "SELECT clock_timestamp()"))
        say(f"the moment of the restore: {self.moment}")
        self.lost = file(system, self.login_id, 2)
        say(f"filed after that moment, and to be lost: {', '.join(self.lost)}")
        segment = value(postgres, "application", "SELECT pg_walfile_name(pg_switch_wal())")
        archived = "SELECT coalesce(last_archived_wal >= $1, false) FROM pg_stat_archiver"
        wait("the log archived", lambda: bool(value(postgres, "application", archived, segment)))

    def _file(self, system: System, count: int, when: str) -> None:
        numbers = file(system, self.login_id, count)
        self.acknowledged += numbers
        self.transcript.say(f"filed {when}: {', '.join(numbers)}")

    def lose(self, system: System) -> None:
        """A power cut of everything, and no disk comes back."""
        for service in system.services.values():
            service.kill()
        for server in system.stack.servers:
            server.kill()
        shutil.rmtree(system.stack.postgres.data)
        shutil.rmtree(system.stack.object_store.data)
        self.transcript.say("\nLost: the database cluster, the object store, and with it the log of the broker.")

    def restore(self, stack: LocalStack) -> None:
        """The steps from the loss until the services start."""
        postgres, step = stack.postgres, self.transcript.step
        with step(runbook.STOP):
            self.transcript.say(f"  to {self.moment}")
        with step(runbook.RESTORE_DATABASES):
            shutil.copytree(self.backup, postgres.data)
            settings = [
                line.replace("ARCHIVE", str(self.archive)).replace("MOMENT", self.moment) for line in runbook.RECOVERY
            ]
            with (postgres.data / "postgresql.auto.conf").open("a") as out:
                out.write("\n".join(["", *settings, ""]))
            (postgres.data / "recovery.signal").touch()
            postgres.data.chmod(0o700)
            postgres.hand_over(postgres.data)
            postgres.start()
            newest = value(postgres, "application", "SELECT max(submitted_at)::text FROM applications")
            self.transcript.say(f"  all databases are there; the newest application is of {newest}")
        with step(runbook.RESTORE_FILES):
            stack.object_store.start()
            self.transcript.say(f"  {files.copy_in(self.kept, stack.object_store)} objects put back")
            # The same PDF, sent again by its owner, is one object: not every later file is newer than the copy.
            newer = "SELECT id FROM documents WHERE status = 'accepted' AND object_key <> ALL($1)"
            self.without_object = {
                str(row[0]) for row in rows(postgres, "document", newer, files.copied_keys(self.kept))
            }
            if len(self.without_object) < _FILED_AFTER_THE_COPY:
                raise StepFailed(f"{len(self.without_object)} files are newer than the copy: too few to prove anything")
        with step(runbook.EMPTY_BROKER):
            stack.start()
        with step(runbook.SKIP):
            for service in ("application", "review"):
                postgres.tool("psql", f"--dbname=zairyu_{service}", f"--command={runbook.SKIP_NUMBERS}")
            self.transcript.ran(runbook.SKIP_NUMBERS)
        with step(runbook.SEND_AGAIN):
            for service in SERVICES_WITH_DATABASE:
                self._command(stack, service, runbook.RESEND)

    def check(self, system: System) -> None:
        """Prove that all that was acknowledged is there, once, and that new applications go the same way."""
        stack, postgres = system.stack, system.stack.postgres
        with self.transcript.step(runbook.CHECK_JOURNALS):
            for service in SERVICES_WITH_DATABASE:
                self._command(stack, service, runbook.VERIFY)
                self._command(stack, service, runbook.REPLAY)
        with self.transcript.step(runbook.CHECK_EVENTS):
            wait("every event is seen by every group", lambda: not unseen(postgres, self.subscriptions))
            self._applications_are_there(system)
            new = file(system, self.login_id, 2)
            if set(new) & {*self.lost, *self.acknowledged}:
                raise StepFailed(f"a receipt number was given twice: {new}")
            self.acknowledged += new
            self.transcript.say(f"  filed after the restore: {', '.join(new)}")
            wait("every event is seen by every group", lambda: not unseen(postgres, self.subscriptions))
            self._applications_are_there(system)
            for service in SERVICES_WITH_DATABASE:
                self._command(stack, service, runbook.LETTERS)
                self._command(stack, service, runbook.INVARIANTS)
        with self.transcript.step(runbook.NAME_FILES):
            missing = self._command(stack, "document", runbook.RECONCILE, expected=1)
            named = {line.partition(" ")[2] for line in missing.splitlines() if line.startswith("missing ")}
            if named != self.without_object:
                raise StepFailed(f"newer than the copy: {sorted(self.without_object)}; named: {sorted(named)}")

    def _applications_are_there(self, system: System) -> None:
        postgres, wanted = system.stack.postgres, sorted(self.acknowledged)
        found = rows(
            postgres, "application", "SELECT receipt_number FROM applications WHERE receipt_number = ANY($1)", wanted
        )
        cases = "SELECT receipt_number FROM cases WHERE receipt_number = ANY($1)"
        wait("a case for each application", lambda: len(rows(postgres, "review", cases, wanted)) >= len(wanted))
        for name, those in (("application", found), ("case", rows(postgres, "review", cases, wanted))):
            if sorted(row[0] for row in those) != wanted:
                raise StepFailed(f"not one {name} for each of {wanted}: {those}")
        if rows(postgres, "application", "SELECT 1 FROM applications WHERE receipt_number = ANY($1)", self.lost):
            raise StepFailed("an application of after the moment is there")
        # Of each filing one mail for the staff and one for the applicant; copies have the same Message-ID.
        wait("the mails", lambda: all(self._mails(system, number) >= 2 for number in wanted[1:]))
        twice = [number for number in wanted[1:] if self._mails(system, number) > 2]
        if twice:
            raise StepFailed(f"mails of filing came twice: {twice}")
        self.transcript.say(
            f"  {len(wanted)} acknowledged applications: each there, with one case, and no mail of filing twice"
        )

    def _mails(self, system: System, number: str) -> int:
        found = [message for _, message in Letters(system.mailbox_dir).all() if number in body_of(message)]
        return len({message["Message-ID"] for message in found})

    def _command(self, stack: LocalStack, service: str, command: str, expected: int = 0) -> str:
        words = command.replace("SERVICE", service).split()
        output = self._module(stack, service, *words[1:], expected=expected)
        self.transcript.ran(f"{' '.join(words)}   # {service}", output)
        return output

    def _module(self, stack: LocalStack, service: str, *words: str, expected: int = 0) -> str:
        command = [sys.executable, *words]
        done = subprocess.run(command, env=environment(service, stack), capture_output=True, text=True)
        lines = [line for line in done.stdout.splitlines() if not line.startswith("{")]
        if done.returncode != expected:
            raise StepFailed(
                f"{' '.join(words[:4])} of {service} ended with {done.returncode}: {done.stdout} {done.stderr[-500:]}"
            )
        return "\n".join(lines)


def main() -> int:
    """Run a drill."""
    parser = argparse.ArgumentParser(prog="python -m deploy.drill", description=__doc__)
    parser.add_argument(
        "--directory", type=Path, default=DATA / "drill", help="is emptied first, and removed at the end"
    )
    given = parser.parse_args()
    transcript = Transcript()
    memory = psutil.virtual_memory().total // 1024**3
    machine = f"{psutil.cpu_count()} cores, {memory} GB, {platform.system()} {platform.machine()}"
    transcript.say(f"{datetime.now(UTC):%F %H:%M} UTC, {machine}")
    try:
        clean(given.directory)
        Drill(given.directory.resolve(), transcript).run()
        clean(given.directory)
    except (StackProblem, StepFailed, httpx.TransportError) as problem:
        print(f"error: {str(problem) or type(problem).__name__}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
