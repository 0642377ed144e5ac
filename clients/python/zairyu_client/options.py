"""Settings of a client, and how often and how long it repeats what was not answered."""

import random
from dataclasses import dataclass, field
from urllib.parse import urlsplit

# The moment of an answer is not known to the second, and a request takes some: a token is renewed before it ends.
RENEW_BEFORE = 30.0
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# Answers after which the same request may succeed.
_AGAIN = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Options:
    """`attempts` is how often a request is sent at most, `patience` for how many seconds it waits between them in all.

    `timeout` counts for connecting and for each piece of an answer; `pause` is the longest first wait, which doubles.
    """

    language: str = "en"
    scopes: tuple[str, ...] = ()
    timeout: float = 60.0
    attempts: int = 5
    patience: float = 90.0
    pause: float = 0.5
    longest_pause: float = 20.0


@dataclass(slots=True)
class Attempts:
    """The attempts of one request."""

    options: Options
    made: int = 0
    waited: float = 0.0
    chance: random.Random = field(default_factory=random.SystemRandom)

    def next_wait(self, status: int | None = None, retry_after: float | None = None) -> float | None:
        """The seconds until the next attempt, after an answer or (without `status`) none; None: it is not repeated.

        Full jitter: of many clients that failed together each comes back at another time, none before `retry_after`.
        """
        self.made += 1
        if (status is not None and status not in _AGAIN) or self.made >= self.options.attempts:
            return None
        longest = min(self.options.longest_pause, self.options.pause * 2 ** (self.made - 1))
        wait = (retry_after or 0.0) + self.chance.uniform(0, longest)
        if self.waited + wait > self.options.patience:
            return None
        self.waited += wait
        return wait


def checked_address(base_url: str) -> str:
    """The address of a site. Raises `ValueError` where the secret would travel in the open, or it is no address."""
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ValueError(f"base_url: write it as https://zairyu.example, not {base_url!r}")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ValueError("base_url: the secret must not travel in the open; use https")
    return base_url.rstrip("/")
