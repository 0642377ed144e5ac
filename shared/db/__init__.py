"""PostgreSQL: one engine per process, one transaction per command, sessions that only read for queries."""

from shared.db.engine import Database, PoolState, ReadSession, Row

__all__ = ["Database", "PoolState", "ReadSession", "Row"]
