"""The keys that sign access tokens: made when first needed, published before they sign, replaced on schedule."""

from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy.exc import SQLAlchemyError

from services.registration.audit import Tag
from services.registration.commands.answers import Nothing
from services.registration.desk import Desk
from services.registration.store import SigningKey, signing_keys
from shared.auth.actor import Actor
from shared.auth.issuing import LONGEST_LIFETIME, TokenIssuer, jwks, thumbprint
from shared.ids import new_id
from shared.timers import Due
from shared.work import Mark, Work

# Verifiers fetch the set at least every five minutes; a retired key stays until nothing it signed is valid.
_STILL_PUBLISHED = LONGEST_LIFETIME + timedelta(minutes=10)
# A key that signs before all verifiers hold it would have its tokens refused.
PUBLISHED_BEFORE_USE = timedelta(minutes=15)


class SigningKeys:
    """The keys of this installation, in the database that all processes of the service share."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._opened: dict[str, Ed25519PrivateKey] = {}

    async def issuer(self, at_most: timedelta) -> TokenIssuer:
        """What signs now, for tokens that live no longer than `at_most` (more than zero)."""
        active = await self._active()
        return TokenIssuer(
            self._private(active),
            issuer=self._desk.settings.token_issuer,
            clock=self._desk.clock,
            kid=active.kid,
            lifetime=min(self._desk.settings.access_token_for, at_most),
        )

    async def document(self) -> dict[str, Any]:
        """The published key set (JWKS, RFC 7517). Raises OSError where the database does not answer."""
        try:
            await self._active()
            async with self._desk.db.read() as session:
                keys = await signing_keys.published(session, self._desk.clock.now() - _STILL_PUBLISHED)
        except SQLAlchemyError as error:
            raise ConnectionError("the signing keys cannot be read") from error
        return jwks({key.kid: Ed25519PublicKey.from_public_bytes(key.public_key) for key in keys})

    async def ensure(self) -> None:
        """Make the first two keys where there are none; any number of processes may do so at once."""
        await self._desk.commands.run(Actor.system("registration/keys"), _mark(), self._fill)

    async def rotate(self, work: Work, due: Due | None = None) -> None:
        """Where the active key is old enough, or `due` is None: retire it, use the next one, make a new next one."""
        current = await signing_keys.locked_current(work.session)
        if "active" not in current or "next" not in current:
            await self._fill(work)
            return
        old, new = current["active"], current["next"]
        if due is not None and not self._is_due(old, work.now):
            return
        if work.now - new.created_at < PUBLISHED_BEFORE_USE:
            return
        old.state, old.retired_at = "retired", work.now
        # One at a time: at no moment may two keys be active.
        await work.session.flush()
        new.state, new.activated_at = "active", work.now
        await work.session.flush()
        work.session.add(self._new("next", work.now))
        work.enter("signing_keys", _AGGREGATE, Tag.KEY_ROTATE, {"retired": old.kid, "active": new.kid})

    def _is_due(self, key: SigningKey, now: datetime) -> bool:
        since = key.activated_at or key.created_at
        return now - since >= timedelta(days=self._desk.settings.signing_key_days)

    async def _active(self) -> SigningKey:
        for _ in range(2):
            async with self._desk.db.read() as session:
                key = await signing_keys.active(session)
            if key is not None:
                return key
            await self.ensure()
        raise RuntimeError("no signing key, although one was just made")

    async def _fill(self, work: Work) -> Nothing:
        current = await signing_keys.locked_current(work.session)
        missing = [state for state in ("active", "next") if state not in current]
        for state in missing:
            work.session.add(self._new(state, work.now))
        if missing:
            work.enter("signing_keys", _AGGREGATE, Tag.KEY_CREATE)
        return Nothing()

    def _new(self, state: str, now: datetime) -> SigningKey:
        private = Ed25519PrivateKey.generate()
        return SigningKey(
            kid=thumbprint(private.public_key()),
            state=state,
            public_key=private.public_key().public_bytes_raw(),
            sealed_private_key=self._desk.sealer.seal(b64encode(private.private_bytes_raw()).decode()),
            created_at=now,
            activated_at=now if state == "active" else None,
            retired_at=None,
        )

    def _private(self, key: SigningKey) -> Ed25519PrivateKey:
        if key.kid not in self._opened:
            raw = b64decode(self._desk.sealer.open(key.sealed_private_key))
            self._opened = {key.kid: Ed25519PrivateKey.from_private_bytes(raw)}
        return self._opened[key.kid]


# All keys are one aggregate of the journal: what matters is the order in which they were used.
_AGGREGATE = UUID(int=1)


def _mark() -> Mark:
    return Mark(request_id=f"keys:{new_id()}")
