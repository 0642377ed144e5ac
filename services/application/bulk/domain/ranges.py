"""Ranges of the rows of an import, which are worked on side by side."""

from collections.abc import Sequence
from itertools import pairwise

# Rows of one step: a process that dies loses no more, and imports take turns after it.
AT_A_TIME = 100
# Ranges of one import: as many processes can work on it at once. Others wait longer for their turn with each.
_MOST = 4


def ranges(after: int, rows: int) -> Sequence[tuple[int, int]]:
    """The ranges of the rows at the positions above `after` up to `rows`: of each the position before its first row and
    its last one. They are whole steps, as equal as these can be."""
    steps = -(-(rows - after) // AT_A_TIME)
    count = min(_MOST, steps)
    bounds = [min(after + steps * number // count * AT_A_TIME, rows) for number in range(count + 1)] if count else []
    return tuple(pairwise(bounds))
