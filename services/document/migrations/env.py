"""Alembic's entry; everything is in `shared.db.alembic_env`."""

from services.document.tables import Row
from shared.db.alembic_env import run

run(Row.metadata)
