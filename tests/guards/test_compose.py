"""Containers and the local stack set every setting of a service, and nothing else."""

import os
import re
import shutil
import subprocess
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings

from deploy.local.environment import settings as local_settings
from deploy.local.ports import Ports
from deploy.local.scanner import CONFIGURATION
from deploy.local.stack import LocalStack
from services.document.files.domain import MAX_FILE_BYTES
from shared.sealing import private_key, public_key
from shared.service import Runtime
from shared.settings import ServiceSettings
from tests.guards.test_route_permissions import build
from tests.infra import docker

ROOT = Path(__file__).resolve().parents[2]
WITH_DATABASE = ("registration", "application", "document", "review", "notification")
SERVICES = (*WITH_DATABASE, "gateway")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
CONTAINERS: dict[str, Any] = COMPOSE["services"]


def _settings(service: str) -> type[BaseSettings]:
    settings: type[BaseSettings] = import_module(f"services.{service}.settings").Settings
    return settings


def _unknown_and_missing(service: str, given: set[str]) -> tuple[set[str], set[str]]:
    fields = _settings(service).model_fields
    known = {f"ZAIRYU_{name.upper()}" for name in fields}
    required = {f"ZAIRYU_{name.upper()}" for name, field in fields.items() if field.is_required()}
    return given - known, required - given


def test_every_service_and_its_migration_has_a_container() -> None:
    servers = {"postgres", "kafka", "kafka-access", "object-store", "scanner", "scanner-signatures", "mailpit"}
    assert set(CONTAINERS) == {
        *servers,
        "payment-provider",
        *SERVICES,
        *(f"migrate-{service}" for service in WITH_DATABASE),
    }


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
    """[attacks F24] a tag can be moved to another image, a digest cannot."""
    container = CONTAINERS[name]
    version = r":v?\d+\.\d+(\.\d+)?(-[a-z0-9.]+)?"
    if container["image"].startswith("zairyu-"):
        assert re.search(f"{version}$", container["image"]), "built here, from a base with its digest"
    else:
        assert re.search(f"{version}@sha256:[0-9a-f]{{64}}$", container["image"]), "the very image: see pin.sh"
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", container["user"])
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert container["healthcheck"].get("test") or name.startswith("migrate-") or name == "kafka-access"


def test_tests_in_containers_use_the_same_images() -> None:
    assert {docker.POSTGRES, docker.KAFKA, docker.SEAWEEDFS, docker.MAILPIT} == {
        CONTAINERS[name]["image"] for name in ("postgres", "kafka", "object-store", "mailpit")
    }


def test_the_pinning_script_finds_every_image_and_writes_its_digest(tmp_path: Path) -> None:
    """[attacks F24] deploy/docker/pin.sh with a registry that has moved every tag: `--check` says so and changes
    nothing; without it the files carry the new digests."""
    files = ("docker-compose.yml", "deploy/docker/Dockerfile")
    for name in (*files, "deploy/docker/pin.sh"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    engine = tmp_path / "bin" / "docker"
    engine.parent.mkdir()
    engine.write_text(f"#!/bin/sh\necho sha256:{'7' * 64}\n")
    engine.chmod(0o700)
    script = ["sh", str(tmp_path / "deploy/docker/pin.sh")]
    environment = {"PATH": f"{engine.parent}:{os.environ['PATH']}"}
    checked = subprocess.run([*script, "--check"], env=environment, capture_output=True, text=True)
    assert checked.returncode == 1
    assert checked.stdout.count("moved") == 6
    assert all((tmp_path / name).read_text() == (ROOT / name).read_text() for name in files)
    subprocess.run(script, env=environment, check=True, capture_output=True)
    digests = [set(re.findall(r"@(sha256:\w+)", (tmp_path / name).read_text())) for name in files]
    assert digests == [{f"sha256:{'7' * 64}"}] * 2


def test_what_a_container_names_is_there() -> None:
    """Networks, volumes, files and containers; an engine would say so only where there is one."""
    for container in CONTAINERS.values():
        assert set(container.get("networks", [])) <= set(COMPOSE["networks"])
        assert set(container.get("depends_on", {})) <= set(CONTAINERS)
        sources = [volume.partition(":")[0] for volume in container.get("volumes", [])]
        assert {source for source in sources if not source.startswith(".")} <= set(COMPOSE["volumes"])
        assert all((ROOT / source).exists() for source in sources if source.startswith("."))


def test_host_listens_on_its_loopback_address_only() -> None:
    published = [port for container in CONTAINERS.values() for port in container.get("ports", [])]
    assert {port.rpartition(":")[0] for port in published} == {f"127.0.0.1:{port}" for port in (8000, 8025, 8529, 8533)}
    assert COMPOSE["networks"]["inside"]["internal"] is True
    outside = {name for name, container in CONTAINERS.items() if "edge" in container.get("networks", [])}
    assert outside == {"gateway", "mailpit", "payment-provider"}


def test_the_store_is_reached_by_document_alone() -> None:
    """[attacks F4] the store's inner ports are on a network of their own."""
    networks = {name: set(container.get("networks", [])) for name, container in CONTAINERS.items()}
    assert networks["object-store"] == {"store", "links"}
    assert [name for name, on in networks.items() if "store" in on] == ["object-store", "document"]
    assert [name for name, on in networks.items() if "links" in on] == ["object-store"]
    assert COMPOSE["networks"]["store"]["internal"] is True
    store = CONTAINERS["object-store"]
    assert "-disableHttp" in store["command"]
    assert {f"WEED_JWT_{name}" for name in ("SIGNING_KEY", "SIGNING_READ_KEY")} <= set(store["environment"])
    assert {f"WEED_JWT_FILER_{name}" for name in ("SIGNING_KEY", "SIGNING_READ_KEY")} <= set(store["environment"])


def test_the_scanner_is_reached_by_document_alone_and_reaches_nothing() -> None:
    networks = {name: set(container.get("networks", [])) for name, container in CONTAINERS.items()}
    assert [name for name, on in networks.items() if "scan" in on] == ["scanner", "document"]
    assert COMPOSE["networks"]["scan"]["internal"] is True
    assert networks["scanner"] == {"scan"}
    # What fetches signatures from outside never sees a file.
    assert [name for name, on in networks.items() if "updates" in on] == ["scanner-signatures"]
    assert networks["scanner-signatures"] == {"updates"}


def test_the_scanner_has_the_limits_that_files_need() -> None:
    """One that is too large for it, or packed too deep, must not count as clean."""
    lines = (ROOT / "deploy" / "docker" / "clamd.conf").read_text().splitlines()
    given = dict(line.split(" ", 1) for line in lines if line and not line.startswith("#"))
    local = dict(line.split(" ", 1) for line in CONFIGURATION.split("\n") if line)
    same = ("StreamMaxLength", "MaxFileSize", "MaxScanSize", "MaxScanTime", "AlertExceedsMax")
    assert {name: given[name] for name in same} == {name: local[name] for name in same}
    assert int(given["StreamMaxLength"].removesuffix("M")) * 1024 * 1024 > MAX_FILE_BYTES
    assert CONTAINERS["document"]["environment"]["ZAIRYU_CLAMD"] == f"scanner:{given['TCPSocket']}"
    # The scanner may be away: the service does not wait for it.
    assert "scanner" not in CONTAINERS["document"]["depends_on"]


def test_no_secret_is_written_down() -> None:
    for container in CONTAINERS.values():
        for name, value in container.get("environment", {}).items():
            if name.endswith(("PASSWORD", "SECRET_KEY", "SEALING_KEY", "CSRF_KEY", "SECRET_ACCESS_KEY")):
                assert str(value).startswith("${ZAIRYU_COMPOSE_")


def test_the_script_makes_each_secret_that_is_asked_for_once(tmp_path: Path) -> None:
    """[attacks F10] what deploy/docker/secrets.sh writes is what compose needs; no value is there twice."""
    made = _made_secrets(tmp_path)
    asked = set(re.findall(r"\$\{(ZAIRYU_COMPOSE_[A-Z0-9_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert set(made) == asked
    assert len(set(made.values())) == len(made)
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    for name in (name.removesuffix("_PUBLIC_KEY") for name in made if name.endswith("_PUBLIC_KEY")):
        private = private_key(made[f"{name}_KEY"])
        assert private.public_key().public_bytes_raw() == public_key(made[f"{name}_PUBLIC_KEY"]).public_bytes_raw()


@pytest.mark.parametrize("service", WITH_DATABASE)
def test_services_start_with_the_secrets_that_the_script_made(service: str, tmp_path: Path) -> None:
    """[attacks F10, attacks F3] keys in the form that services read, each service with those of its own."""
    made = _made_secrets(tmp_path)
    given = {
        name.removeprefix("ZAIRYU_").lower(): re.sub(r"\$\{(\w+)(:[^}]*)?\}", lambda m: made.get(m[1], ""), str(value))
        for name, value in CONTAINERS[service]["environment"].items()
    }
    runtime = Runtime(service, _settings(service).model_validate(given))  # type: ignore[arg-type]  # one of ServiceSettings
    assert runtime.event_keys.service == service
    if "sealing_key" in given:
        assert given["sealing_key"].startswith("private-" if service == "notification" else "public-")


# Who must have the same secret: the one that shows it and the one that asks for it.
_SHARED = {
    **{f"{s.upper()}_ROLE_PASSWORD": {"postgres", s} for s in WITH_DATABASE},
    **{f"{s.upper()}_OWNER_PASSWORD": {"postgres", f"migrate-{s}"} for s in WITH_DATABASE},
    **{f"{s.upper()}_KAFKA_PASSWORD": {"kafka-access", s} for s in WITH_DATABASE},
    "S3_SECRET_KEY": {"object-store", "document"},
    **{name: {"payment-provider", "review"} for name in ("PAYMENT_KEY", "PAYMENT_CALLBACK_KEY")},
    # The one states callers' addresses, the others count by them.
    "GATEWAY_KEY": {"gateway", "registration", "document"},
}


def test_no_two_containers_share_a_secret_without_need() -> None:
    """[attacks F10] one secret for each role and purpose: public keys are everybody's, all else has one holder, or a
    holder and a server that asks."""
    holders: dict[str, set[str]] = {}
    for name, container in CONTAINERS.items():
        for value in container.get("environment", {}).values():
            for secret in re.findall(r"\$\{ZAIRYU_COMPOSE_([A-Z0-9_]+)", str(value)):
                holders.setdefault(secret, set()).add(name)
    shared = {secret: who for secret, who in holders.items() if len(who) > 1 and not secret.endswith("_PUBLIC_KEY")}
    assert shared == _SHARED
    assert holders["SEALING_KEY"] == {"notification"}
    assert holders["REGISTRATION_VAULT_KEY"] == {"registration"}


def test_no_two_local_services_share_a_secret(tmp_path: Path) -> None:
    """[attacks F10] the local stack as compose."""
    stack = LocalStack(tmp_path, Ports.from_environment({}))
    holders: dict[str, set[str]] = {}
    secrets = ("KEY", "PASSWORD", "SECRET", "DATABASE_URL")
    for service in SERVICES:
        for name, value in local_settings(service, stack).items():
            if name.endswith(secrets) and not value.startswith("public-") and name != "ZAIRYU_S3_ACCESS_KEY":
                holders.setdefault(value, set()).add(service)
    assert {service for who in holders.values() for service in who} == set(SERVICES)
    assert [who for who in holders.values() if len(who) > 1] == [_SHARED["GATEWAY_KEY"]]


def test_the_broker_knows_users_and_an_access_list() -> None:
    """[attacks F3] others reach the broker as a user alone, and services come after their users."""
    kafka = CONTAINERS["kafka"]["environment"]
    assert kafka["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].startswith("SASL:SASL_PLAINTEXT,")
    open_to_all = [each for each in kafka["KAFKA_LISTENERS"].split(",") if not each.startswith("SASL://")]
    assert all("://localhost:" in each for each in open_to_all)
    assert kafka["KAFKA_AUTHORIZER_CLASS_NAME"].endswith("StandardAuthorizer")
    assert kafka["KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND"] == "false"
    assert CONTAINERS["kafka-access"]["network_mode"] == "service:kafka"
    for service in WITH_DATABASE:
        assert CONTAINERS[service]["environment"]["ZAIRYU_KAFKA_USERNAME"] == service
        assert CONTAINERS[service]["depends_on"]["kafka-access"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("service", WITH_DATABASE)
def test_the_access_list_is_what_the_service_handles(service: str) -> None:
    """[attacks F3] a service may read the topics of the events it handles, and no others."""
    script = (ROOT / "deploy" / "docker" / "kafka-access.sh").read_text()
    reads = dict(re.findall(r"^(\w+): ([\w ]+)$", script, re.M))
    handled = build(service).state.handlers
    assert set(reads[service].split()) == {event.topic.partition(".")[0] for event in handled}


def test_topics_are_made_as_their_owners_would_make_them() -> None:
    """Before anybody reads them: who waits for a topic that does not exist is not ready."""
    script = (ROOT / "deploy" / "docker" / "kafka-access.sh").read_text()
    [(partitions, retention)] = re.findall(r"--partitions (\d+) --config retention\.ms=(\d+)", script)
    fields = ServiceSettings.model_fields
    assert int(partitions) == fields["kafka_partitions"].default
    assert int(retention) == fields["kafka_retention_hours"].default * 3_600_000


def _made_secrets(tmp_path: Path) -> dict[str, str]:
    """The secrets that the script writes, run in a copy of its place."""
    place = tmp_path / "deploy" / "docker"
    place.mkdir(parents=True)
    copied = shutil.copy(ROOT / "deploy" / "docker" / "secrets.sh", place)
    subprocess.run(["sh", str(copied)], check=True, capture_output=True)
    lines = [line.partition("=") for line in (tmp_path / ".env").read_text().splitlines()]
    assert len(lines) == len({name for name, _, _ in lines})
    return {name: value for name, _, value in lines}
