"""Alembic, driven from code: `migrations/` of a service, run as the database's owner under a lock."""

import argparse
from importlib import import_module
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory


def _config(service: str, url: str = "") -> Config:
    package = import_module(f"services.{service}")
    assert package.__file__ is not None
    config = Config()
    config.set_main_option("script_location", str(Path(package.__file__).parent / "migrations"))
    config.attributes["url"] = url
    return config


def head_revision(service: str) -> str:
    """The newest revision of a service's migrations; raises where there are two heads."""
    head = ScriptDirectory.from_config(_config(service)).get_current_head()
    assert head is not None
    return head


def migrate(service: str, url: str) -> None:
    """Bring a service's database to its newest revision. `url` must be the owner's (asyncpg URL)."""
    command.upgrade(_config(service, url), "head")


def rollback(service: str, url: str, revision: str = "base") -> None:
    """Take a service's database back to `revision`."""
    command.downgrade(_config(service, url), revision)


def main() -> None:
    """`python -m shared.db.migrate SERVICE --url OWNER_URL`."""
    parser = argparse.ArgumentParser(description="Bring a service's database to its newest revision.")
    parser.add_argument("service")
    parser.add_argument("--url", help="owner's URL (default: ZAIRYU_MIGRATION_URL)")
    arguments = parser.parse_args()
    url = arguments.url
    if url is None:
        import os

        url = os.environ.get("ZAIRYU_MIGRATION_URL", "")
    if not url:
        parser.error("give --url or set ZAIRYU_MIGRATION_URL: migrations run as the database's owner")
    migrate(arguments.service, url)


if __name__ == "__main__":
    main()
