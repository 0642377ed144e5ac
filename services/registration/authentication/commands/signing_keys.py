"""The keys that sign access tokens: made when first needed, published before they sign, replaced on schedule."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy.exc import SQLAlchemyError

from services.registration.accounts.schemas.answers import Nothing
from services.registration.audit import Tag
from services.registration.authentication.schemas.signing_keys import Rotated
from services.registration.authentication.store import signing_keys
from services.registration.authentication.store.signing_keys import SigningKey
from services.registration.context import CommandContext
from shared.auth.actor import Actor
from shared.auth.issuing import LONGEST_LIFETIME, TokenIssuer, jwks, thumbprint
from shared.errors import Conflict, NotFound, Text
from shared.ids import new_id
from shared.timers import Due
from shared.work import RequestIdentity, Work

# A retired key stays until nothing it signed is valid.
_STILL_PUBLISHED = LONGEST_LIFETIME + timedelta(minutes=10)
# A key that signs before all verifiers hold it would have its tokens refused; they fetch the set every 15 seconds.
PUBLISHED_BEFORE_USE = timedelta(minutes=15)


class SigningKeys:
    """The keys of this installation, in the database that all processes of the service share."""

    def __init__(self, context: CommandContext) -> None:
        self._context = context
        self._opened: dict[str, Ed25519PrivateKey] = {}

    async def issuer(self, at_most: timedelta) -> TokenIssuer:
        """The key that signs now, for tokens that live no longer than `at_most` (more than zero)."""
        active = await self._active()
        return TokenIssuer(
            self._private(active),
            issuer=self._context.settings.token_issuer,
            clock=self._context.clock,
            kid=active.kid,
            lifetime=min(self._context.settings.access_token_for, at_most),
        )

    async def document(self) -> dict[str, Any]:
        """The published key set (JWKS, RFC 7517). Raises OSError where the database does not answer."""
        try:
            keys = await self._published()
            if not any(key.state == "active" for key in keys):
                await self.ensure()
                keys = await self._published()
        except SQLAlchemyError as error:
            raise ConnectionError("the signing keys cannot be read") from error
        return jwks({key.kid: Ed25519PublicKey.from_public_bytes(key.public_key) for key in keys})

    async def ensure(self) -> None:
        """Make the first two keys where there are none; any number of processes may do so at once."""

        async def make(work: Work) -> Nothing:
            await self._current(work)
            return Nothing()

        await self._context.commands.run(Actor.system("registration/keys"), _mark(), make)

    async def rotate_if_due(self, work: Work, due: Due) -> None:
        """Rotate where the active key is old enough."""
        current = await self._current(work)
        if self._is_due(current["active"], work.now) and work.now >= _usable_from(current["next"]):
            await self._rotate(work, current["active"], current["next"])

    async def rotate(self, work: Work) -> Rotated:
        """Retire the active key and sign with the next one from now on. Raises `Conflict` where that one is so new that
        its tokens might be refused."""
        current = await self._current(work)
        if work.now < (usable := _usable_from(current["next"])):
            raise Conflict(
                Text(
                    "次の鍵は {time} UTC まで使えません",
                    "The next key was published a moment ago and can sign from {time} UTC on",
                ).with_values(time=f"{usable:%H:%M:%S}"),
                code="key-too-new",
            )
        await self._rotate(work, current["active"], current["next"])
        return Rotated(out=current["active"].kid, active=current["next"].kid)

    async def withdraw(self, work: Work, kid: str) -> Rotated:
        """Take a key that may be stolen out of the published set at once: what it signed is worth nothing any more.

        Where it was the active one, the next one signs from now on, however new it is. Raises `NotFound` or `Conflict`.
        """
        current = await self._current(work)
        key = await work.session.get(SigningKey, kid)
        if key is None:
            raise NotFound()
        was = key.state
        if was == "withdrawn":
            raise Conflict(Text("既に取り消されています", "This key was withdrawn before"), code="key-withdrawn")
        key.state, key.retired_at = "withdrawn", key.retired_at or work.now
        await work.session.flush()
        if was == "active":
            await self._activate(work, current["next"])
        elif was == "next":
            work.session.add(self._new("next", work.now))
        active = current["next" if was == "active" else "active"].kid
        work.journal("signing_keys", _AGGREGATE, Tag.KEY_WITHDRAW, {"withdrawn": kid, "was": was, "active": active})
        return Rotated(out=kid, active=active)

    def _is_due(self, key: SigningKey, now: datetime) -> bool:
        since = key.activated_at or key.created_at
        return now - since >= timedelta(days=self._context.settings.signing_key_days)

    async def _rotate(self, work: Work, old: SigningKey, new: SigningKey) -> None:
        old.state, old.retired_at = "retired", work.now
        # One at a time: at no moment may two keys be active.
        await work.session.flush()
        await self._activate(work, new)
        work.journal("signing_keys", _AGGREGATE, Tag.KEY_ROTATE, {"retired": old.kid, "active": new.kid})

    async def _activate(self, work: Work, key: SigningKey) -> None:
        key.state, key.activated_at = "active", work.now
        await work.session.flush()
        work.session.add(self._new("next", work.now))

    async def _published(self) -> Sequence[SigningKey]:
        async with self._context.db.read() as session:
            return await signing_keys.published(session, self._context.clock.now() - _STILL_PUBLISHED)

    async def _active(self) -> SigningKey:
        for _ in range(2):
            async with self._context.db.read() as session:
                key = await signing_keys.active(session)
            if key is not None:
                return key
            await self.ensure()
        raise RuntimeError("no signing key, although one was just made")

    async def _current(self, work: Work) -> dict[str, SigningKey]:
        """The active and the next key by state, locked; made where there are none."""
        current = await signing_keys.locked_current(work.session)
        missing = [state for state in ("active", "next") if state not in current]
        for state in missing:
            current[state] = self._new(state, work.now)
            work.session.add(current[state])
        if missing:
            await work.session.flush()
            work.journal("signing_keys", _AGGREGATE, Tag.KEY_CREATE)
        return current

    def _new(self, state: str, now: datetime) -> SigningKey:
        private = Ed25519PrivateKey.generate()
        return SigningKey(
            kid=thumbprint(private.public_key()),
            state=state,
            public_key=private.public_key().public_bytes_raw(),
            sealed_private_key=self._context.vault.seal(b64encode(private.private_bytes_raw()).decode()),
            created_at=now,
            activated_at=now if state == "active" else None,
            retired_at=None,
        )

    def _private(self, key: SigningKey) -> Ed25519PrivateKey:
        if key.kid not in self._opened:
            raw = b64decode(self._context.vault.open(key.sealed_private_key))
            self._opened = {key.kid: Ed25519PrivateKey.from_private_bytes(raw)}
        return self._opened[key.kid]


# All keys are one aggregate of the journal: what matters is the order in which they were used.
_AGGREGATE = UUID(int=1)


def _usable_from(next_key: SigningKey) -> datetime:
    return next_key.created_at + PUBLISHED_BEFORE_USE


def _mark() -> RequestIdentity:
    return RequestIdentity(request_id=f"keys:{new_id()}")
