"""Alembic's entry: see `shared.db.alembic_env`."""

from services.application.tables import Row
from shared.db.alembic_env import run

run(Row.metadata)
