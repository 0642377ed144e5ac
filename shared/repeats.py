"""Filter for libraries that log the same line again and again: one line from time to time, with a count."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable

_EVERY = 30.0  # seconds
_REMEMBERED = 500  # different lines


class RepeatFilter(logging.Filter):
    """Passes a line of the named loggers, and the same one again only after `every` seconds; counts those between.

    The same is the same logger, level and text, and the same kind of error: a line with anything new passes.
    While a broker is away, aiokafka writes twelve lines a second, over and over the same five.
    """

    def __init__(self, *loggers: str, every: float = _EVERY, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._loggers = frozenset(loggers)
        self._every = every
        self._monotonic = monotonic
        self._last: OrderedDict[tuple[object, ...], tuple[float, int]] = OrderedDict()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.split(".")[0] not in self._loggers:
            return True
        text = record.getMessage()
        error = record.exc_info[0] if record.exc_info else None
        line = (record.name, record.levelno, text, error)
        now = self._monotonic()
        passed, held = self._last.get(line, (float("-inf"), 0))
        if now - passed < self._every:
            self._last[line] = (passed, held + 1)
            return False
        self._last[line] = (now, 0)
        self._last.move_to_end(line)
        if len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)
        if held:
            record.msg, record.args = f"{text} (and {held} times more since it was last logged)", None
        return True
