"""The gateway's cookies, which scripts cannot read: of the session, of steps that take some minutes, of the language.

The first two are named after the session's. Under TLS each is bound to this host.
"""

import re
from typing import Literal

from fastapi import Request, Response

from services.gateway.settings import Settings

# Lax, not Strict: who follows a link, from our mail or from the identity provider, brings it along. Changes need the
# CSRF token or our own page anyway.
SameSite = Literal["lax", "strict"]
# The language that was chosen. Not named after the session's: it is no secret.
_LANGUAGE = "zairyu_language"
# All that `put` writes. A quoted cookie can hold any character, line breaks too, and values are passed on in headers.
_WRITTEN = re.compile(r"[!-~]*")


def language_cookie(secure: bool) -> str:
    """The name of the cookie of the language that was chosen; under TLS it is bound to this host too."""
    return f"__Host-{_LANGUAGE}" if secure else _LANGUAGE


LANGUAGE_COOKIES = frozenset({language_cookie(secure=False), language_cookie(secure=True)})


def read(request: Request, settings: Settings, part: str = "") -> str:
    """The value of a cookie that the browser sent: the session's secret where no part is named; "" where there is
    nothing, or nothing that was ever put there."""
    value = request.cookies.get(_name(settings, part), "")
    return value if _WRITTEN.fullmatch(value) else ""


def put(
    response: Response, settings: Settings, part: str, value: str, *, max_age: int | None, samesite: SameSite = "lax"
) -> None:
    """Have the browser keep it for so many seconds, or until it is closed (None)."""
    response.set_cookie(
        _name(settings, part),
        value,
        max_age=max_age,
        path="/",
        secure=settings.cookie_secure,
        httponly=True,
        samesite=samesite,
    )


def drop(response: Response, settings: Settings, part: str = "", *, samesite: SameSite = "lax") -> None:
    """Have the browser forget it."""
    response.delete_cookie(
        _name(settings, part), path="/", secure=settings.cookie_secure, httponly=True, samesite=samesite
    )


def _name(settings: Settings, part: str) -> str:
    return f"{settings.cookie_name}_{part}" if part else settings.cookie_name
