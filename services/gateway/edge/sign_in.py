"""Starting, renewing and ending a browser's session, for `/session` and the pages alike."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response

from services.gateway.edge.caller import browser_headers, caller_of, outgoing_headers
from services.gateway.edge.context import Gateway
from services.gateway.edge.headers import decode_value
from services.gateway.edge.upstream import Reply


@dataclass(frozen=True, slots=True)
class StartedSession:
    """A session whose secret the browser holds from now on."""

    secret: str
    expires_at: datetime
    enrolment_required: bool = False


async def check_sign_in_attempt(request: Request, gateway: Gateway) -> dict[str, str]:
    """The headers for registration of an attempt. Raises `CrossSite` for other sites' pages, and `RateLimited`."""
    gateway.csrf.require_own_page(request)
    await gateway.sign_ins.admit(caller_of(request).address)
    return browser_headers(request, decode_value(request.headers.get("accept-language", "ja").encode("latin-1")))


def start_browser_session(answer: Reply, response: Response, gateway: Gateway) -> StartedSession:
    """Give the browser the cookie of the session that registration started, or renewed at a step-up, in place of any
    before."""
    body = answer.json()
    session = StartedSession(
        secret=body["session_secret"],
        expires_at=datetime.fromisoformat(body["expires_at"]),
        enrolment_required=body.get("enrolment_required", False),
    )
    gateway.keep(response, session.secret, session.expires_at)
    return session


async def end_session(request: Request, response: Response, gateway: Gateway) -> None:
    """End the session of the cookie, where there is one, and take the cookie away."""
    secret = gateway.secret(request)
    if secret is not None:
        await gateway.sessions.end(secret, outgoing_headers(request))
    gateway.forget(response)
