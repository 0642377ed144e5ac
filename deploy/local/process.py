"""A child process that outlives a crash of its parent, and is found again by its pid file."""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from deploy.local.ports import is_free
from deploy.local.problems import StackProblem

# The kernel counts a process's start in ticks since boot; converting it to a date wavers by less than this (seconds).
_START_TOLERANCE = 2.0
_LOG_KEPT_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Account:
    """The system account a process runs as, where that is not our own. `via` is put before the command."""

    uid: int
    gid: int
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spec:
    """Start and end of a process. `env` is its whole environment; `ports` are those it will listen on."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    directory: Path
    ports: Sequence[int] = ()
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 15
    account: Account | None = None


@dataclass
class Process:
    """One process under a name: `<run>/<name>.pid` says who it is, `<run>/<name>.log` what it said."""

    name: str
    run: Path
    _child: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _stop_signal: signal.Signals = signal.SIGTERM
    _stop_seconds: float = 15
    _changing: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @property
    def pid_file(self) -> Path:
        return self.run / f"{self.name}.pid"

    @property
    def log_file(self) -> Path:
        return self.run / f"{self.name}.log"

    def find(self) -> psutil.Process | None:
        """The living process of the pid file: same number, same command line, same time of start. Otherwise None."""
        if self._child is not None and self._child.poll() is not None:
            self._child = None
        try:
            known = json.loads(self.pid_file.read_text())
            process = psutil.Process(known["pid"])
            # Our own child is known without its command line, which is empty for a moment after it was started.
            same = self._child is not None and self._child.pid == process.pid
            same = same or (
                process.cmdline() == known["argv"] and abs(process.create_time() - known["started"]) < _START_TOLERANCE
            )
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except (OSError, ValueError, KeyError, TypeError, psutil.Error):
            return None

    @property
    def pid(self) -> int | None:
        """Its process id while it lives."""
        process = self.find()
        return process.pid if process else None

    def spawn(self, spec: Spec) -> None:
        """Start it in a process group of its own; raises `StackProblem` when a port is taken or the program missing."""
        for port in spec.ports:
            if not is_free(port):
                raise StackProblem(port_conflict(port, spec.name))
        self._stop_signal, self._stop_seconds = spec.stop_signal, spec.stop_seconds
        self.run.mkdir(parents=True, exist_ok=True)
        if self.log_file.exists() and self.log_file.stat().st_size > _LOG_KEPT_BYTES:
            self.log_file.replace(self.log_file.with_suffix(".log.1"))
        account = spec.account
        switch = account is not None and not account.via
        with self._changing, self.log_file.open("ab") as log:
            try:
                self._child = subprocess.Popen(
                    [*(account.via if account else ()), *spec.argv],
                    cwd=spec.directory,
                    env=dict(spec.env),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    # Ctrl-C in a terminal reaches the supervisor alone, which then ends things in order.
                    start_new_session=True,
                    user=account.uid if account and switch else None,
                    group=account.gid if account and switch else None,
                    extra_groups=[] if switch else None,
                )
            except OSError as error:
                raise StackProblem(f"{spec.name} cannot be started ({error}): run `make clean` and try again") from None
            self._remember(spec)

    def _remember(self, spec: Spec) -> None:
        assert self._child is not None
        with suppress(psutil.Error):
            known = {
                "pid": self._child.pid,
                "started": psutil.Process(self._child.pid).create_time(),
                "argv": list(spec.argv),
            }
            fresh = self.pid_file.with_suffix(".pid.new")
            fresh.write_text(json.dumps(known))
            fresh.replace(self.pid_file)

    def wait_until(self, healthy: Callable[[], bool], seconds: float, what: str, *, restarted: bool = False) -> None:
        """Return as soon as `healthy()`; raises `StackProblem` after `seconds`, or when it died.

        `restarted`: something starts it again when it dies, so that only the time counts.
        """
        deadline = time.monotonic() + seconds
        pause = 0.02
        while not healthy():
            if not restarted and not self._alive():
                raise StackProblem(f"{what} ended while starting: {self.last_output()} (log: {self.log_file})")
            if time.monotonic() > deadline:
                raise StackProblem(
                    f"{what} did not answer within {seconds:.0f} s: {self.last_output()} (log: {self.log_file})"
                )
            time.sleep(pause)
            pause = min(pause * 1.3, 0.25)

    def last_output(self) -> str:
        """The last line of the log that says something."""
        with suppress(OSError):
            lines = self.log_file.read_bytes()[-4000:].decode(errors="replace").splitlines()
            for line in reversed(lines):
                if line.strip():
                    return line.strip()[:300]
        return "it said nothing"

    def stop(self) -> None:
        """End it in good order, by force after its grace time. Does nothing when it is not running."""
        process = self.find()
        if process is not None:
            children = _children(process)
            with suppress(psutil.NoSuchProcess):
                process.send_signal(self._stop_signal)
            if not self._gone(process, self._stop_seconds):
                self._force(process, children)
        self._forget()

    def kill(self) -> None:
        """End it and its children at once, as a power cut would (SIGKILL)."""
        process = self.find()
        if process is not None:
            self._force(process, _children(process))
        self._forget()

    def _force(self, process: psutil.Process, children: list[psutil.Process]) -> None:
        for each in [process, *children]:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        self._gone(process, 10)
        psutil.wait_procs(children, timeout=10)

    def _gone(self, process: psutil.Process, seconds: float) -> bool:
        try:
            if self._child is not None and self._child.pid == process.pid:
                self._child.wait(seconds)
            else:
                process.wait(seconds)
        except (subprocess.TimeoutExpired, psutil.TimeoutExpired):
            return False
        return True

    def _forget(self) -> None:
        with self._changing:
            # Ending may take seconds, and a watcher may have started it again by then: that one stays known.
            if not self._alive():
                self._child = None
                self.pid_file.unlink(missing_ok=True)

    def _alive(self) -> bool:
        # Between fork and exec the command line is not yet the one we look for: ask our own child first.
        child = self._child
        return child.poll() is None if child else self.find() is not None


def plain_environment() -> dict[str, str]:
    """Our environment without what would steer a server somewhere else."""
    drop = ("AWS_", "S3_", "PG", "POSTGRES", "ZAIRYU_", "PYTEST_", "KAFKA_", "OTEL_", "WEED_", "COV_")
    return {name: value for name, value in os.environ.items() if not name.startswith(drop)}


def port_conflict(port: int, name: str) -> str:
    """One line about a port that somebody else holds."""
    holder = "another process"
    with suppress(psutil.Error):
        for connection in psutil.net_connections("tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port
            if listens and connection.pid:
                holder = f"process {connection.pid} ({psutil.Process(connection.pid).name()})"
    return (
        f"port {port} for {name} is taken by {holder}: end it, or choose other ports "
        f"with ZAIRYU_LOCAL_PORT_BASE (see docs/local-stack.md)"
    )


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []
