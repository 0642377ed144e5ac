"""Tables that a large site divides by time: which, the switch of one that is in use, and the upkeep of its periods."""

from shared.partitions.model import DIVIDED, Divided

__all__ = ["DIVIDED", "Divided"]
