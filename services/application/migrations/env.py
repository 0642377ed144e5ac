"""Alembic's entry: see `shared.db.alembic_env`."""

from services.application.store import Row
from shared.db.alembic_env import run

run(Row.metadata)
