"""Password hashing: Argon2id in a few threads of its own, so that it slows neither the event loop nor the machine."""

import secrets
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import Argon2Error, InvalidHashError

from services.registration.authentication.adapters.fair_turns import FairTurns

# About 0.1 s on one core. See docs/decisions/0005-password-hashing.md before changing a number.
ARGON2ID = PasswordHasher(time_cost=4, memory_cost=32 * 1024, parallelism=1, hash_len=32, salt_len=16, type=Type.ID)
PARAMETERS = f"{ARGON2ID.time_cost} passes, {ARGON2ID.memory_cost // 1024} MiB, {ARGON2ID.parallelism} lane"
# For each thread: ten seconds of work. Who came later would wait for as long as the gateway does, and try again.
_LONGEST_QUEUE = 100
# The line of those who have proved who they are, or hold a link, and set a password.
_PROVED = "proved"


class PasswordHashing:
    """Hashes and compares passwords that were normalised before."""

    def __init__(self, threads: int, hasher: PasswordHasher = ARGON2ID) -> None:
        self._hasher = hasher
        self._turns = FairTurns(threads, threads * _LONGEST_QUEUE, "password")

    @property
    def waiting(self) -> int:
        """Number of passwords being hashed or waiting for a thread."""
        return self._turns.taken

    async def hash(self, password: str) -> str:
        """The hash, with its salt and parameters in it. Raises `Unavailable` where too many wait."""
        return await self._turns.run(_PROVED, self._hasher.hash, password)

    async def matches(self, known: str | None, password: str, caller: str) -> bool:
        """Whether `password` is the one behind `known`. Without a known hash it takes as long and says no.

        `caller` is the address or the account whose line it waits in.
        """
        right = await self._turns.run(caller, self.verify, known or _nobody(self._hasher), password)
        return right and known is not None

    def is_outdated(self, known: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(known)

    def close(self) -> None:
        """Let the threads go."""
        self._turns.close()

    def verify(self, known: str, password: str) -> bool:
        """Whether `password` is the one behind `known`; this is the slow part, in whichever thread calls it."""
        try:
            return self._hasher.verify(known, password)
        except (Argon2Error, InvalidHashError):
            return False


def prepare() -> None:
    """Make the hash that stands for unknown accounts, so that the first unknown one does not take twice as long."""
    _nobody(ARGON2ID)


@cache
def _nobody(hasher: PasswordHasher) -> str:
    return hasher.hash(secrets.token_hex(32))
