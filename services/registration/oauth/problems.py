"""Errors of the token endpoint, in the words of RFC 6749 §5.2: programs read them, and so they are ASCII."""

from datetime import timedelta
from math import ceil

from shared.errors import NotFound, Problem, Text


class TokenRefused(Problem):
    """No token. `error` is the standard's code; `description` says what to correct."""

    def __init__(
        self, error: str, description: str, status: int = 400, *, wait: timedelta | None = None, outcome: str = ""
    ) -> None:
        super().__init__(code=error)
        self.status = status
        self.error = error
        self.description = description
        self.outcome = outcome or error
        self.headers = {} if wait is None else {"Retry-After": str(max(1, ceil(wait.total_seconds())))}


def unknown_client() -> TokenRefused:
    """Unknown, or not its secret: all the same to anyone who tries."""
    return TokenRefused("invalid_client", "The client id or the secret is not right", 401)


def no_longer_client() -> TokenRefused:
    """Told only to who has the secret."""
    return TokenRefused("invalid_client", "This client was revoked or has expired", 401)


def blocked_client() -> TokenRefused:
    """Told only to who has the secret."""
    return TokenRefused("invalid_client", "An operator has blocked this client for some time. Contact the site", 401)


def not_from_here() -> TokenRefused:
    """Told only to who has the secret."""
    return TokenRefused("invalid_client", "This client may not be used from your network", 401)


def nobody_behind_it() -> TokenRefused:
    """The registration under which a client acts does not hold now."""
    return TokenRefused("unauthorized_client", "The registration under which this client acts does not hold now")


def too_much(granted: list[str]) -> TokenRefused:
    """A scope was asked for that was not granted."""
    return TokenRefused("invalid_scope", f"Ask for some of: {' '.join(sorted(granted))}")


def no_such_grant() -> TokenRefused:
    """Unknown, over, somebody else's, or not what was agreed to."""
    return TokenRefused("invalid_grant", "The code or token is unknown, used, over, or not this client's")


def used_twice() -> TokenRefused:
    """Somebody has a copy, so nobody may go on with it."""
    text = "It was used before: everything that came from it has ended. Ask the person again"
    return TokenRefused("invalid_grant", text, outcome="reused")


def slowed(wait: timedelta) -> TokenRefused:
    """Too many wrong secrets."""
    return TokenRefused("slow_down", "Too many wrong secrets from your address", 429, wait=wait)


class UnknownClient(NotFound):
    """Never was, was revoked, has expired, or acts under a registration that is over: all the same to who is asked."""

    code = "client-not-known"
    title = Text("この外部システムは現在利用できません", "This connected system cannot be used at present")
