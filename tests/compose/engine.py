"""The Docker engine: the one that DOCKER_HOST names, our own where root may start it, or the machine's."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import docker
import requests

_COMPOSE_MODULE = "github.com/docker/compose/v2@v2.40.3"


class LeftOut(Exception):
    """The machine lacks something; the text names it."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Its client, and the `docker compose` that speaks to it."""

    client: docker.DockerClient
    host: str
    compose: list[str]

    @property
    def environment(self) -> dict[str, str]:
        """For compose. Without BuildKit, which older engines have as a plugin."""
        return os.environ | {"DOCKER_HOST": self.host, "DOCKER_BUILDKIT": "0", "COMPOSE_ANSI": "never"}


@contextmanager
def engine(directory: Path) -> Iterator[Engine]:
    """An engine that answers; raises `LeftOut` where there is none. One that was started here is ended here."""
    if "DOCKER_HOST" not in os.environ and os.geteuid() == 0 and shutil.which("dockerd"):
        with _own(directory / "docker") as host:
            yield Engine(docker.DockerClient(base_url=host, timeout=600), host, _compose(directory))
        return
    try:
        client = docker.from_env(timeout=600)
        client.ping()
    except (docker.errors.DockerException, requests.RequestException) as problem:
        raise LeftOut("no Docker engine answers, and none can be started (as root, with docker.io)") from problem
    yield Engine(client, os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock"), _compose(directory))


@contextmanager
def _own(data: Path) -> Iterator[str]:
    data.mkdir(parents=True, exist_ok=True)
    # Paths of sockets are short: these would be too long in a deep directory.
    place = Path(tempfile.mkdtemp(prefix="zairyu-docker-"))
    host = f"unix://{place}/docker.sock"
    command = ["dockerd", "--data-root", str(data), "--exec-root", str(place / "exec"), "-H", host]
    command += ["-p", str(place / "docker.pid"), "--bridge", "none"]
    with (data.parent / "docker.log").open("w") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 60
        while not _answers(host):
            if process.poll() is not None or time.monotonic() > deadline:
                raise LeftOut(f"dockerd does not start here: see {data.parent / 'docker.log'}")
            time.sleep(0.2)
        yield host
    finally:
        process.terminate()
        process.wait(timeout=60)
        shutil.rmtree(place, ignore_errors=True)


def _answers(host: str) -> bool:
    try:
        return bool(docker.DockerClient(base_url=host).ping())
    except (docker.errors.DockerException, requests.RequestException):
        return False


def _compose(directory: Path) -> list[str]:
    """`docker compose` of the machine, or one that Go builds, once."""
    docker_cli = shutil.which("docker")
    if docker_cli and subprocess.run([docker_cli, "compose", "version"], capture_output=True).returncode == 0:
        return [docker_cli, "compose"]
    built = directory / "tools" / "docker-compose"
    if not built.exists():
        go_build(_COMPOSE_MODULE, "./cmd", built)
    return [str(built)]


def go_build(module: str, package: str, target: Path) -> None:
    """Build a program as its own module does: `go install` refuses one that excludes versions."""
    go = shutil.which("go")
    if go is None:
        raise LeftOut(f"{target.name} is missing, and so is Go, which would build it")
    print(f"building {target.name}: some minutes, once", flush=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    found = subprocess.run([go, "mod", "download", "-json", module], capture_output=True, text=True)
    if found.returncode != 0:
        raise LeftOut(f"{module} cannot be fetched: {found.stderr.strip()[-200:]}")
    with tempfile.TemporaryDirectory() as place:
        source = Path(place) / "source"
        shutil.copytree(json.loads(found.stdout)["Dir"], source)
        for path in [source, *source.rglob("*")]:
            path.chmod(path.stat().st_mode | 0o200)
        command = [go, "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", str(target), package]
        subprocess.run(command, cwd=source, env=os.environ | {"CGO_ENABLED": "0"}, check=True)
