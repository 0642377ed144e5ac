"""Input of a form whose session or key had ended, kept for its own browser and shown again later.

Registration keeps it, sealed, for three days; the browser holds the key in a cookie. Passwords, codes and tokens are
left out. A form of an account is shown to that account alone; a draft's form on the draft's page, which its key opens.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from fastapi import Request, Response

from services.gateway.edge import cookies
from services.gateway.edge.context import Gateway
from services.gateway.edge.csrf import CrossSite
from services.gateway.pages.kit.client import ServiceClient, Session
from services.gateway.pages.kit.forms import MAX_LONG_FIELDS
from services.gateway.pages.kit.return_to import return_path
from shared.errors import Problem

COOKIE = "kept"
PAGE = "/kept-form"
# In the body of a form that was kept and is sent now: the field `kept`.
SENT_AGAIN = b"kept=sent"
DRAFT = re.compile(r"/usage-registration/draft/[0-9a-f-]{36}")
MAX_BYTES = 512 * 1024
_SECRET = re.compile(r"password|passkey|recovery_code|secret|token|credential|^code$")
# What pages write into their own forms: a form of these alone holds nothing that somebody typed.
_UNTYPED = re.compile(
    r"do|owner|kept|return_to|revision|language|role|was|decision|everywhere|base|key|.*_(id|version)"
)
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form as it was sent. `owner` says whose session it belongs to; "" for a draft that a key opens."""

    path: str
    owner: str
    fields: Mapping[str, Sequence[str]]
    until: datetime | None = None

    @property
    def values(self) -> dict[str, str]:
        """The first value of each field."""
        return {name: values[0] for name, values in self.fields.items()}


async def keep_form(request: Request, gateway: Gateway, body: bytes, response: Response) -> bool:
    """Keep the form that a request brought, and give the browser the key; whether there is one, and that went well."""
    form = _typed(request, gateway, body)
    if form is None:
        return False
    content = json.dumps({"path": form.path, "owner": form.owner, "fields": form.fields}, ensure_ascii=False)
    answer = await _ask(request, gateway, "", {"content": content})
    if answer is None:
        return False
    seconds = gateway.seconds_until(datetime.fromisoformat(answer["expires_at"]))
    cookies.put(response, gateway.settings, COOKIE, answer["key"], max_age=seconds)
    return True


def _typed(request: Request, gateway: Gateway, body: bytes) -> KeptForm | None:
    """None where nothing was typed, where no page could show it, and for another site's form."""
    if request.method != "POST" or not request.headers.get("content-type", "").startswith(FORM):
        return None
    if len(body) > MAX_BYTES:
        return None
    try:
        gateway.csrf.require_own_page(request)
    except CrossSite:
        return None
    try:
        sent = parse_qs(body.decode(), max_num_fields=MAX_LONG_FIELDS, keep_blank_values=True)
    except ValueError:
        return None
    fields = {name: values for name, values in sent.items() if not _SECRET.search(name)}
    owner = (fields.pop("owner", None) or [""])[0]
    path = request.url.path
    if not any(value.strip() for name in fields if not _UNTYPED.fullmatch(name) for value in fields[name]):
        return None
    if not owner and not DRAFT.fullmatch(path):
        return None
    return KeptForm(return_path(f"{path}?{request.url.query}" if request.url.query else path), owner, fields)


async def find_kept_form(request: Request, gateway: Gateway) -> KeptForm | None:
    """The form that waits for this browser; whether its visitor may see it is for the page to say."""
    key = cookies.read(request, gateway.settings, COOKIE)
    answer = await _ask(request, gateway, "/open", {"key": key[:200]}) if key else None
    if answer is None:
        return None
    return KeptForm(**json.loads(answer["content"]), until=datetime.fromisoformat(answer["expires_at"]))


async def drop_kept_form(request: Request, gateway: Gateway, response: Response) -> None:
    """Forget it: it was sent, or is not wanted."""
    if key := cookies.read(request, gateway.settings, COOKIE):
        await _ask(request, gateway, "/drop", {"key": key[:200]})
        cookies.drop(response, gateway.settings, COOKIE)


async def _ask(request: Request, gateway: Gateway, path: str, json: object) -> dict[str, Any] | None:
    """Registration's answer; None where it refuses or is away: the page does without."""
    try:
        answer = await ServiceClient("registration", Session(request, gateway, "ja")).call(
            "POST", f"/v1/kept-forms{path}", json
        )
    except Problem:
        return None
    return answer.body if answer.ok else None
