"""Alembic's entry: the shared environment on this service's tables."""

from services.registration.tables import Row
from shared.db.alembic_env import run

run(Row.metadata)
