"""Encryption of files at rest: the store is asked for it, and has it set, when the service is first asked whether it is
ready."""

import asyncio

import structlog

from services.document.objects import NotEncrypted, ObjectStore

log = structlog.get_logger(__name__)

NOT_ENCRYPTED = "files-not-encrypted-at-rest"


class Encryption:
    """Whether the store encrypts. `required`: the service is not ready while it does not. `notices` are those of its
    readiness."""

    def __init__(self, objects: ObjectStore, required: bool) -> None:
        self._objects = objects
        self._required = required
        self._asking: asyncio.Task[bool] | None = None
        self.notices: set[str] = set()

    async def check(self) -> None:
        """The readiness check. Once the store has said yes, it is not asked again. Raises `NotEncrypted`."""
        if self._asking is None:
            self._asking = asyncio.ensure_future(self._objects.encrypt())  # watched: below
        # Goes on where readiness waits no longer: the next time the answer is there.
        asked = self._asking
        try:
            encrypted = await asyncio.shield(asked)
        finally:
            if asked.done() and (asked.cancelled() or asked.exception() or (self._required and not asked.result())):
                self._asking = None
        if encrypted:
            self.notices.discard(NOT_ENCRYPTED)
            return
        if NOT_ENCRYPTED not in self.notices:
            self.notices.add(NOT_ENCRYPTED)
            log.warning("objects.not_encrypted", required=self._required)
        if self._required:
            raise NotEncrypted()
