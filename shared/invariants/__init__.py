"""Invariants in production: what must always hold, as queries that a job runs. See docs/invariants.md."""

from shared.invariants.checking import invariant_job
from shared.invariants.common import COMMON
from shared.invariants.model import Invariant
from shared.invariants.routes import invariants_router

__all__ = ["COMMON", "Invariant", "invariant_job", "invariants_router"]
