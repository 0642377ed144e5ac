"""Projections rebuilt while they run: snapshots of an owner's facts, and what is made of them by those who keep them.

See docs/operations/rebuild.md and docs/decisions/0885.
"""

from shared.rebuilding.projection import Copy, Facts, Projection, Rows, Wanted
from shared.rebuilding.rebuilds import following
from shared.rebuilding.snapshots import Source

__all__ = ["Copy", "Facts", "Projection", "Rows", "Source", "Wanted", "following"]
