"""Secrets and signatures as the Standard Webhooks specification has them (version 1.0, symmetric signatures)."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import timedelta

PREFIX = "whsec_"
# 24 to 64 by the specification.
SECRET_BYTES = 32
# Two, so that a receiver can change over: the earlier one still signs for a day.
MOST_SECRETS = 2
REPLACED_AFTER = timedelta(days=1)


def secret_text(raw: bytes) -> str:
    """A secret as its owner gets it."""
    return PREFIX + b64encode(raw).decode()


def signature(secrets: Iterable[str], message_id: str, timestamp: int, body: str) -> str:
    """The header `webhook-signature`: one signature for each secret, so that a receiver may know either."""
    signed = f"{message_id}.{timestamp}.{body}".encode()
    return " ".join(f"v1,{_sign(secret, signed)}" for secret in secrets)


def _sign(secret: str, signed: bytes) -> str:
    return b64encode(hmac.digest(b64decode(secret.removeprefix(PREFIX)), signed, "sha256")).decode()
