"""docker-compose.yml as a project of its own: its images, its start, and how its containers are."""

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.compose.engine import Engine
from tests.compose.images import ROOT, package_index, stand_in

# Not `zairyu`, which may be running on this engine with data that somebody wants.
NAME = "zairyu-compose-test"
FILE = ROOT / "docker-compose.yml"
_DOCKERFILE = ROOT / "deploy" / "docker" / "Dockerfile"


class Wrong(Exception):
    """Something is not as it should be; the text says what."""


class Project:
    """The services of the file. `stood_in` has the tags of images that are not those of the file."""

    def __init__(self, engine: Engine, directory: Path) -> None:
        self.services: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text())["services"]
        self.stood_in: list[str] = []
        self._engine = engine
        self._directory = directory
        self._override = directory / "override.yml"
        self._secrets = directory / "env"

    @property
    def command(self) -> list[str]:
        """`docker compose` on this project, to which a command is added."""
        files = ["--project-directory", str(ROOT), "--env-file", str(self._secrets), "-f", str(FILE)]
        return [*self._engine.compose, "-p", NAME, *files, "-f", str(self._override)]

    @property
    def environment(self) -> dict[str, str]:
        """The environment of `command`."""
        return self._engine.environment

    def run(self, *arguments: str, given: str = "") -> str:
        """The output of a command of compose; raises `Wrong` when it fails."""
        done = subprocess.run(
            [*self.command, *arguments], env=self.environment, input=given, capture_output=True, text=True
        )
        if done.returncode != 0:
            raise Wrong(f"docker compose {' '.join(arguments)} failed:\n{(done.stdout + done.stderr).strip()[-3000:]}")
        return done.stdout

    def prepare(self) -> None:
        """Secrets as a site makes them, and images: pulled, stood in for, and ours built."""
        self._directory.mkdir(parents=True, exist_ok=True)
        self._secrets.unlink(missing_ok=True)
        script = ["sh", str(ROOT / "deploy" / "docker" / "secrets.sh"), str(self._secrets)]
        subprocess.run(script, stdin=subprocess.DEVNULL, capture_output=True, check=True)
        ours = {name for name, service in self.services.items() if "build" in service}
        tags: dict[str, str | None] = {}
        for name, service in self.services.items():
            if name not in ours and service["image"] not in tags:
                tags[service["image"]] = stand_in(self._engine, service["image"])
        dockerfile = _DOCKERFILE.read_text()
        for base in set(re.findall(r"^FROM (\S+@\S+)", dockerfile, re.M)):
            tags[base] = stand_in(self._engine, base)
            dockerfile = dockerfile.replace(base, tags[base] or base)
        self.stood_in = sorted(tag for tag in tags.values() if tag)
        built = self._directory / "Dockerfile"
        built.write_text(dockerfile)
        with package_index(self._directory / "packages") as index:
            build = {"dockerfile": str(built), "network": "host", "args": {"PIP_INDEX_URL": index}}
            override: dict[str, dict[str, Any]] = {
                name: {"build": build} if name in ours else {"image": tags[service["image"]] or service["image"]}
                for name, service in self.services.items()
            }
            # The case does not wait for the minutes in which a decision can be recalled.
            override["review"]["environment"] = {"ZAIRYU_RECALL_MINUTES": "0"}
            self._override.write_text(yaml.safe_dump({"services": override}))
            # One at a time, and each image once: services that share one would build it side by side.
            for name in sorted({self.services[name]["image"]: name for name in ours}.values()):
                self.run("build", name)

    def sizes(self) -> dict[str, tuple[int, int]]:
        """Bytes of each image of ours, and of its first layer, which is the base that all of them have."""
        images = sorted({service["image"] for service in self.services.values() if "build" in service})
        found = {image: self._engine.client.images.get(image) for image in images}
        return {
            image: (it.attrs["Size"], next(layer["Size"] for layer in reversed(it.history()) if layer["Size"]))
            for image, it in found.items()
        }

    @contextmanager
    def running(self) -> Iterator[None]:
        """The project, without volumes of an earlier run. At its end nothing is left but the logs of what failed."""
        self.remove()
        try:
            yield
        except BaseException:
            logs = subprocess.run(
                [*self.command, "logs", "--no-color", "--timestamps"], env=self.environment, capture_output=True
            )
            (self._directory / "logs.txt").write_bytes(logs.stdout)
            raise
        finally:
            self.remove()

    def start(self) -> None:
        """Everything is started as the file says, and becomes healthy."""
        self.run("up", "--detach", "--no-build")
        self.wait_until_well()

    def remove(self) -> None:
        """Containers, networks and volumes of this project go."""
        self.run("down", "--volumes", "--remove-orphans", "--timeout", "20")

    def container(self, service: str) -> Any:
        """The container of a service, as it is now."""
        (found,) = self._engine.client.containers.list(
            all=True, filters={"label": [f"com.docker.compose.project={NAME}", f"com.docker.compose.service={service}"]}
        )
        return found

    def lasting(self) -> list[str]:
        """Services that go on, in the order of the file; the others do their work and end."""
        return [name for name, service in self.services.items() if service["restart"] == "unless-stopped"]

    def wait_until_well(self, seconds: float = 240) -> float:
        """Until each container is healthy, or has ended well; the seconds that this took."""
        began = time.monotonic()
        while ill := {name: state for name in self.services if (state := self._illness(name))}:
            if time.monotonic() - began > seconds:
                raise Wrong("\n".join(f"{name} is {state} after {seconds:.0f} s" for name, state in ill.items()))
            time.sleep(0.5)
        return time.monotonic() - began

    def _illness(self, service: str) -> str:
        """The reason why a service is not well; empty where it is."""
        state = self.container(service).attrs["State"]
        status = f"{state['Status']}, exit code {state['ExitCode']}"
        if service not in self.lasting():
            return "" if status == "exited, exit code 0" else status
        if state["Status"] != "running":
            return status
        # Its health is the age of what it fetches from outside, and what stands in for it fetches nothing.
        if service == "scanner-signatures" and self.services[service]["image"].partition("@")[0] in self.stood_in:
            return ""
        health = state["Health"]
        if health["Status"] == "healthy":
            return ""
        return f"{health['Status']}: {(health['Log'] or [{'Output': ''}])[-1]['Output'].strip()[-300:]}"
