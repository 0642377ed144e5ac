"""A change that rides on a cookie must come from our own pages."""

import hmac
import secrets
from collections.abc import Set
from hashlib import sha256

from fastapi import Request

from shared.errors import Forbidden, Text

HEADER = "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class CrossSite(Forbidden):
    """The request comes from another site, or cannot show that it does not."""

    code = "cross-site"
    title = Text("別のサイトからの要求は受け付けられません", "Requests from other sites are refused")


class FormExpired(CrossSite):
    """One of our own pages sends a form that was made for another session: signed in again since, or stepped up."""

    code = "form-expired"
    title = Text("別のセッションで開かれたページです", "This page was opened in another session")


class Csrf:
    """The token is an HMAC of the session under the server's key: nothing is stored, and no other session's fits."""

    def __init__(self, key: str | None, origins: Set[str]) -> None:
        self._key = (key or secrets.token_urlsafe(32)).encode()
        self._origins = origins

    def token(self, session_secret: str) -> str:
        """The token that goes with a session."""
        return hmac.new(self._key, b"csrf:" + session_secret.encode(), sha256).hexdigest()

    def owner(self, account_id: object) -> str:
        """The mark of an account in its own forms: input typed there is shown to no other account."""
        return hmac.new(self._key, f"owner:{account_id}".encode(), sha256).hexdigest()

    def require(self, request: Request, session_secret: str, token: str | None = None) -> None:
        """Raise `CrossSite` unless the request comes from our own page and carries the session's token, in the header
        or, as `token`, in a field of its form."""
        self.require_own_page(request)
        if token is not None and not hmac.compare_digest(token.encode(), self.token(session_secret).encode()):
            raise FormExpired()
        sent = request.headers.get(HEADER, "") if token is None else token
        if not hmac.compare_digest(sent.encode(), self.token(session_secret).encode()):
            raise CrossSite(
                Text("{header} ヘッダーが必要です", "Send the session's {header} header").with_values(header=HEADER)
            )

    def require_own_page(self, request: Request) -> None:
        """Raise `CrossSite` unless the browser says that one of our own pages sends this.

        Every browser sends `Origin`, `Sec-Fetch-Site` or both with a change. A request with neither is no browser's,
        and has no business with cookies.
        """
        origins = request.headers.getlist("origin")
        site = request.headers.get("sec-fetch-site")
        if (not origins and site is None) or (site is not None and site != "same-origin"):
            raise CrossSite()
        # Never compared with Host, which is whatever was sent.
        if any(origin not in self._origins for origin in origins):
            raise CrossSite()
