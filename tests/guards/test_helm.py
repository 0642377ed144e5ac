"""The chart knows the parts and settings of the services, and documents each secret that they read."""

import json
import re
from collections.abc import Mapping
from importlib import import_module
from typing import Any, get_args

import pytest
import yaml
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from deploy.release.__main__ import version
from deploy.settings_table import SERVICES
from shared.settings import ALL_PARTS
from tests.guards.sources import ROOT, WITH_DATABASE

CHART = ROOT / "deploy/helm/zairyu"
VALUES: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text())
PAGE = (ROOT / "docs/operations/kubernetes.md").read_text()
# Of a Secret, although they are none: they belong to the secrets beside them.
BESIDE_SECRETS = {"event_public_keys", "s3_access_key"}
ONLY_FOR_MIGRATIONS = {"migration_url"}


def _fields(service: str) -> Mapping[str, FieldInfo]:
    fields: Mapping[str, FieldInfo] = import_module(f"services.{service}.settings").Settings.model_fields
    return fields


def _secrets(service: str) -> set[str]:
    secret = {
        name
        for name, field in _fields(service).items()
        if field.annotation is SecretStr or SecretStr in get_args(field.annotation)
    }
    return (secret | BESIDE_SECRETS & _fields(service).keys()) - ONLY_FOR_MIGRATIONS


def _given(service: str) -> set[str]:
    """Settings that the values give."""
    own = VALUES["gateway"] if service == "gateway" else VALUES["services"][service]
    return {name.lower() for name in {**VALUES["settings"], **own["settings"]}}


def _by_template() -> set[str]:
    """Settings that the template gives."""
    text = (CHART / "templates/_helpers.tpl").read_text()
    named = {name.lower() for name in re.findall(r"name: ZAIRYU_([A-Z_]+)", text)}
    return named | {f"{name}_url" for name in WITH_DATABASE}


@pytest.mark.parametrize("service", SERVICES)
def test_the_chart_gives_settings_that_some_service_reads_and_no_secret(service: str) -> None:
    anybody = {name for each in SERVICES for name in _fields(each)}
    own = VALUES["gateway"] if service == "gateway" else VALUES["services"][service]
    assert {name.lower() for name in own["settings"]} <= _fields(service).keys()
    assert {name.lower() for name in VALUES["settings"]} <= anybody
    assert _by_template() <= anybody
    assert not _given(service) & _secrets(service)


@pytest.mark.parametrize("service", SERVICES)
def test_the_page_names_each_secret_of_a_service(service: str) -> None:
    (row,) = re.findall(rf"^\| `zairyu-{service}` \|(.*?)\|(.*?)\|$", PAGE, re.MULTILINE)
    must, may = ({name.lower() for name in re.findall(r"ZAIRYU_([A-Z0-9_]+)", cell)} for cell in row)
    required = {name for name, field in _fields(service).items() if field.is_required()}
    assert must | may == _secrets(service)
    assert must == required - _given(service) - _by_template()


def test_every_part_of_every_service_is_a_process() -> None:
    assert VALUES["services"].keys() == set(WITH_DATABASE)
    for service in VALUES["services"].values():
        assert service["parts"].keys() == set(ALL_PARTS)


def test_the_schema_knows_every_value() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text())

    def unknown(value: Any, known: dict[str, Any], path: str) -> list[str]:
        known = schema["definitions"]["service"] if "$ref" in known else known
        if "properties" not in known or not isinstance(value, dict):
            return []
        return [
            found
            for name, inner in value.items()
            for found in (
                unknown(inner, known["properties"][name], f"{path}.{name}")
                if name in known["properties"]
                else [f"{path}.{name}"]
            )
        ]

    assert unknown(VALUES, schema, "") == []


def test_the_version_is_the_same_wherever_it_stands() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    images = set(re.findall(r"image: zairyu-\w+:(\S+)", (ROOT / "docker-compose.yml").read_text()))
    interface = set(re.findall(r'version="(.+)"', (ROOT / "services/gateway/app.py").read_text()))
    assert {chart["version"], chart["appVersion"], *images, *interface} == {version()}
    assert f"## {version()} (" in (ROOT / "CHANGELOG.md").read_text()
