"""Alembic's entry: the shared environment on this service's tables."""

from services.review.tables import Row
from shared.db.alembic_env import run

run(Row.metadata)
