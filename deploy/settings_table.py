"""The table of settings in docs/settings.md, from the settings classes: `python -m deploy.settings_table [--check]`."""

import sys
from importlib import import_module

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from deploy.generated import GeneratedPart

SERVICES = ("registration", "application", "document", "review", "notification", "gateway")


def table() -> str:
    """One line for each setting: its variable, who reads it, its default and what it is for."""
    readers: dict[str, list[str]] = {}
    fields: dict[str, list[FieldInfo]] = {}
    for service in SERVICES:
        settings: type[BaseSettings] = import_module(f"services.{service}.settings").Settings
        for name, field in settings.model_fields.items():
            readers.setdefault(name, []).append(service)
            fields.setdefault(name, []).append(field)
    lines = ["| Variable | Read by | Default | What it is for |", "|---|---|---|---|"]
    for name in sorted(fields, key=lambda name: (-len(readers[name]), readers[name][0], name)):
        lines.append(
            f"| `ZAIRYU_{name.upper()}` | {_readers(readers[name])} | {_default(fields[name])} |"
            f" {fields[name][0].description} |"
        )
    return "\n".join(lines)


def _readers(services: list[str]) -> str:
    if len(services) == len(SERVICES):
        return "all"
    return "all but the gateway" if len(services) == len(SERVICES) - 1 else ", ".join(services)


def _default(fields: list[FieldInfo]) -> str:
    defaults = {str(field.default) for field in fields}
    if len(defaults) > 1:
        return "one for each"
    default = fields[0].default
    if default is PydanticUndefined:
        return "**must be set**"
    return "–" if default in (None, "") else f"`{str(default).lower() if isinstance(default, bool) else default}`"


if __name__ == "__main__":
    sys.exit(GeneratedPart("settings.md", "settings").run(table()))
