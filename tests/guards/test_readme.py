"""README and docs agree with the code."""

import re
from importlib import import_module

import pytest
from pydantic_settings import BaseSettings

from tests.guards.sources import ROOT, SERVICES, python_files

README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


@pytest.mark.parametrize("service", SERVICES)
def test_every_setting_has_its_line_in_the_documents(service: str) -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    settings: type[BaseSettings] = import_module(f"services.{service}.settings").Settings
    missing = [f"ZAIRYU_{name.upper()}" for name in settings.model_fields if f"`ZAIRYU_{name.upper()}`" not in page]
    assert missing == []


def test_every_make_target_the_documents_name_exists() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.M))
    pages = [README, *(page.read_text() for page in [ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])]
    named = {name for page in pages for name in re.findall(r"`make ([a-z-]+)", page)}
    assert named <= targets


def test_every_metric_has_its_line_in_the_documents() -> None:
    pages = "\n".join(page.read_text() for page in (ROOT / "docs").rglob("*.md"))
    declared = {
        name
        for path in python_files("services", "shared")
        for name in re.findall(r"(?:Counter|Gauge|Histogram)\(\s*\"(zairyu_[a-z_]+)\"", path.read_text())
    }
    assert declared, "no metric found: the pattern no longer fits the code"
    assert {name for name in declared if name not in pages} == set()


def test_every_link_to_a_file_in_the_documents_leads_somewhere() -> None:
    broken = []
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []


def test_every_test_that_the_documents_name_exists() -> None:
    pages = [README, *(page.read_text() for page in (ROOT / "docs").rglob("*.md"))]
    named = {found for page in pages for found in re.findall(r"`(?:tests/)?([a-z_0-9/]+\.py)(?:::(\w+))?`", page)}
    shown = {(path, name) for path, name in named if path.rpartition("/")[2].startswith("test_")}
    assert len(shown) > 50, "no test found: the pattern no longer fits the documents"
    for path, name in sorted(shown):
        found = [one.read_text() for one in (ROOT / "tests").glob(f"**/{path}")]
        assert found, path
        assert not name or any(f"def {name}(" in one for one in found), (path, name)
