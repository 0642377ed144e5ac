"""Every audit tag is used, and every journal line uses a tag of its service's list."""

from importlib import import_module
from inspect import getmembers, isclass

import pytest

from shared.journal import AuditTag
from tests.guards.sources import WITH_DATABASE, names, python_files


def _tags(service: str) -> type[AuditTag]:
    module = import_module(f"services.{service}.audit")
    (tags,) = [c for _, c in getmembers(module, isclass) if issubclass(c, AuditTag) and c is not AuditTag]
    return tags


@pytest.mark.parametrize("service", WITH_DATABASE)
def test_every_audit_tag_is_used(service: str) -> None:
    used = {name for path in python_files(f"services/{service}") if path.name != "audit.py" for name in names(path)}
    assert {tag.name for tag in _tags(service)} <= used
