"""The tables of a service, found by the service's name."""

from importlib import import_module
from importlib.util import find_spec
from typing import cast

from shared.db.engine import Row


def has_tables(service: str) -> bool:
    """Whether there is a service of that name with tables of its own."""
    return find_spec(f"services.{service}") is not None and _module(service) is not None


def tables_of(service: str) -> type[Row]:
    """The declarative base of a service, with every table behind it: from its `tables.py`, or else its `store`.

    Raises `LookupError` for a service without tables.
    """
    module = _module(service)
    if module is None:
        raise LookupError(f"{service} has no tables")
    return cast(type[Row], import_module(module).Row)


def _module(service: str) -> str | None:
    found = (f"services.{service}.{name}" for name in ("tables", "store"))
    return next((module for module in found if find_spec(module) is not None), None)
