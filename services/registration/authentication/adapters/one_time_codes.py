"""Codes of an authenticator app: TOTP (RFC 6238) with SHA-1, six digits, 30 seconds, which every app understands."""

import hmac
import re
import unicodedata
from datetime import datetime

import pyotp

ISSUER = "Zairyu"
# Clocks of telephones are off by a few seconds, and people type slowly: one step before and after.
TOLERANCE = 1
_CODE = re.compile(r"[0-9]{6}")


def new_secret() -> str:
    """160 random bits in base32, as apps take them by hand."""
    return pyotp.random_base32(32)


def provisioning_uri(secret: str, login_id: str) -> str:
    """The content of the QR code: `otpauth://totp/Zairyu:ZR-7K3M-9QXT?secret=...`."""
    return pyotp.TOTP(secret).provisioning_uri(name=login_id, issuer_name=ISSUER)


def matching_step(secret: str, typed: str, now: datetime, last_step: int | None) -> int | None:
    """The time step whose code was typed, if it is later than `last_step` and close to `now`; else None."""
    code = "".join(unicodedata.normalize("NFKC", typed).split())
    if not _CODE.fullmatch(code):
        return None
    totp = pyotp.TOTP(secret)
    present = totp.timecode(now)
    found = None
    for step in range(present - TOLERANCE, present + TOLERANCE + 1):
        # Every step is compared, whatever came before: the time says nothing.
        if hmac.compare_digest(totp.generate_otp(step), code) and (last_step is None or step > last_step):
            found = step
    return found
