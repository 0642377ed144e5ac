"""Where a browser's session begins, is renewed and ends: what `/session` and the pages do alike."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response

from services.gateway.edge.context import Desk, browser_headers, client_address, outgoing_headers
from services.gateway.edge.headers import as_sent
from services.gateway.edge.upstream import Reply


@dataclass(frozen=True, slots=True)
class Begun:
    """A session whose secret the browser now holds."""

    secret: str
    expires_at: datetime
    enrolment_required: bool = False


def admitted(request: Request, desk: Desk) -> dict[str, str]:
    """What registration is told of an attempt; raises for other sites' pages and for who tries too often."""
    desk.csrf.require_own_page(request)
    desk.sign_ins.admit(client_address(request))
    return browser_headers(request, as_sent(request.headers.get("accept-language", "ja").encode("latin-1")))


def taken_over(answer: Reply, response: Response, desk: Desk) -> Begun:
    """The session that registration began, or renewed at a step-up: the browser gets its cookie, whatever it held
    before."""
    body = answer.json()
    session = Begun(
        secret=body["session_secret"],
        expires_at=datetime.fromisoformat(body["expires_at"]),
        enrolment_required=body.get("enrolment_required", False),
    )
    desk.keep(response, session.secret, session.expires_at)
    return session


async def end_session(request: Request, response: Response, desk: Desk) -> None:
    """End the session of the cookie, where there is one, and take the cookie away."""
    secret = desk.secret(request)
    if secret is not None:
        await desk.sessions.end(secret, outgoing_headers(request))
    desk.forget(response)
