"""PostgreSQL: one engine per process, one transaction per command, sessions that only read for queries."""

from shared.db.engine import Database, PoolState, ReadSession, Row
from shared.db.migrate import head_revision, migrate, rollback

__all__ = ["Database", "PoolState", "ReadSession", "Row", "head_revision", "migrate", "rollback"]
