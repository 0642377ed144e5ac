"""API clients (外部システム): where they may call from, where people are sent back to, how long they may go on."""

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlencode, urlsplit

from shared.origins import origin_of

# Once a year somebody looks whether the system is still wanted.
LONGEST_LIFE = timedelta(days=365)
# Days before its end on which the owner of a client is reminded.
CLIENT_REMINDERS = (30, 7)
# Two, so that a secret can be replaced while the old one still works.
MOST_SECRETS = 2
# For one organisation and role; more are forgotten ones.
MOST_CLIENTS = 20
# RFC 6749 §4.1.2 allows ten minutes; a browser needs a second.
CODE_FOR = timedelta(minutes=1)
# A code that comes back within this time is known for one that was used; later it is unknown.
USED_CODES_KEPT_FOR = timedelta(days=1)

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_VISIBLE = re.compile(r"[\x21-\x7e]+")


def network(text: str) -> str:
    """A network in its normal form (`203.0.113.0/24`; one address is `/32` or `/128`).

    Raises ValueError for what is none, has host bits set, or holds every address there is.
    """
    found = ip_network(text.strip())
    if found.prefixlen == 0:
        raise ValueError("every address: leave the networks out")
    return str(found)


def comes_from(address: str, networks: Iterable[str]) -> bool:
    """Whether `address` lies in one of `networks`; anywhere will do where none is named."""
    allowed = [ip_network(each) for each in networks]
    if not allowed:
        return True
    try:
        caller = ip_address(address)
    except ValueError:
        return False
    if isinstance(caller, IPv6Address) and caller.ipv4_mapped:
        caller = caller.ipv4_mapped
    return any(caller in each for each in allowed)


def redirect_uri(text: str) -> str:
    """A redirect URI in its registered form: https, or http on a loopback address (RFC 8252 §7.3).

    Raises ValueError for anything else, for fragments, user names, and hosts that are no host names.
    """
    if not _VISIBLE.fullmatch(text) or any(character in text for character in '\\"<>^`{|}#'):
        raise ValueError("not a URI")
    origin_of(text)
    parts = urlsplit(text)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "::1"):
        raise ValueError("https, or http on a loopback address")
    return text


def with_answer(uri: str, **answer: str | None) -> str:
    """`uri` with the answer to an authorisation request in its query (RFC 6749 §4.1.2)."""
    query = urlencode({name: value for name, value in answer.items() if value is not None})
    return f"{uri}{'&' if urlsplit(uri).query else '?'}{query}"


def is_challenge(text: str) -> bool:
    """Whether `text` can be a PKCE code challenge of the method S256."""
    return _CHALLENGE.fullmatch(text) is not None


def verifies(verifier: str, challenge: str) -> bool:
    """Whether `verifier` is what `challenge` was made from (PKCE, RFC 7636, S256)."""
    if not _VERIFIER.fullmatch(verifier):
        return False
    made = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(made, challenge)


def scopes_of(asked: str | None, granted: Iterable[str]) -> frozenset[str] | None:
    """The scopes of a token: those asked for, all that were granted where none is named. None: asked too much."""
    wanted = frozenset(granted) if asked is None else frozenset(asked.split())
    return wanted if wanted and wanted <= frozenset(granted) else None


def may_last_until(wanted: datetime | None, now: datetime) -> datetime | None:
    """The end of a client: as requested, after a year where nothing is. None where that is over, or further away."""
    if wanted is None:
        return now + LONGEST_LIFE
    return wanted if now < wanted <= now + LONGEST_LIFE else None
