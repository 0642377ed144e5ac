"""The messages of one channel that a sender has in hand: claimed, being attempted, or accepted and not yet recorded."""

import asyncio
from collections import deque

from services.notification.channels.protocol import Channel, Claimed

# Messages are claimed for so many seconds ahead, at the pace of the last ones: a claim and a record then serve many.
_AHEAD = 0.25
_MOST_AHEAD = 100


class Lane:
    """Counts what a channel has in hand, and says how many messages to claim and which attempt to begin.

    No more attempts than the channel's places run at once. An outcome that waits for the database takes no place, but
    no attempt begins while as many outcomes as places wait: a sender that is killed doubles what it attempted and what
    it had not recorded, at most twice its places. What is claimed ahead was handed over to nobody.
    """

    def __init__(self, channel: Channel) -> None:
        self.claimed: deque[Claimed] = deque()
        self.attempted = 0
        self.unrecorded = 0
        # Whether the last claim found fewer messages than asked for.
        self.is_dry = False
        self._channel = channel
        self._begun: deque[float] = deque(maxlen=_MOST_AHEAD)

    def wanted(self) -> int:
        """The number of messages to claim now; 0 until half of those claimed before have begun."""
        places = self._channel.concurrency
        if not places:
            return 0
        recently = asyncio.get_running_loop().time() - _AHEAD
        most = max(places, sum(moment > recently for moment in self._begun))
        free = most - len(self.claimed) - self.attempted
        return free if 2 * free >= most else 0

    def next(self) -> Claimed | None:
        """The message whose attempt begins now, counted as attempted; None where none may.

        Where the channel is closed, one after the other is attempted, which gives them back.
        """
        places = max(self._channel.concurrency, 1)
        if not self.claimed or self.attempted >= places or self.unrecorded >= places:
            return None
        self.attempted += 1
        self._begun.append(asyncio.get_running_loop().time())
        return self.claimed.popleft()

    def ended(self) -> None:
        """An attempt has ended; its outcome waits to be recorded."""
        self.attempted -= 1
        self.unrecorded += 1
