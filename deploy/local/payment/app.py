"""The provider's HTTP side: an interface for the one site that may ask, and pages for people who pay."""

import csv
import hmac
import io
import json
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from html import escape
from typing import Any
from urllib.parse import parse_qsl

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, Field

from deploy.local.payment.book import Book, Line, Order
from shared.clock import legal_date
from shared.outgoing import http_client

# The environment of the process, and the id of the key that signs notices.
KEY = "ZAIRYU_LOCAL_PAYMENT_KEY"
CALLBACK_KEY = "ZAIRYU_LOCAL_PAYMENT_CALLBACK_KEY"
PUBLIC_URL = "ZAIRYU_LOCAL_PAYMENT_PUBLIC_URL"
KID = "local"
# What a visitor can have happen, and what it does beside taking the money.
ACTS = {
    "pay": "Pay",
    "repeat": "Pay; the notice is sent three times",
    "twice": "Pay twice",
    "closed": "Pay twice, from an account that is closed afterwards: refunds are refused",
    "late": "Pay after it has expired",
    "lost": "Pay; the notice is lost",
    "again": "Send the notice of the last payment again",
    "wrong_amount": "Pay; another amount is reported",
    "too_little": "Pay 100 yen too little",
    "too_much": "Pay 100 yen too much",
    "forged": "A stranger reports a payment",
    "expire": "Never pay: it expires",
}
_OFF = {"too_little": -100, "too_much": 100}
_METHODS = {"convenience_store": "Convenience store", "bank": "Bank transfer"}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Local payment provider</title></head>
<body><main><h1>{title}</h1>
<p>This provider runs on this machine alone and takes no money.</p>
{body}</main></body></html>"""


@dataclass(frozen=True, slots=True)
class Site:
    """The one site that may ask, and where it gets notices of payments.

    `public_url` is where people open the pages to pay on; "": where the site asks.
    """

    key: str
    callback_url: str
    kid: str
    callback_key: str
    public_url: str = ""


class Wanted(BaseModel):
    """An order of the site."""

    order_id: str
    label: str
    method: str
    amount_yen: int = Field(ge=1)
    expires_at: str
    return_url: str


class Refunded(BaseModel):
    """A refund of the site."""

    refund_id: str
    transaction_id: str
    amount_yen: int


class Provider:
    """State that the routes share. `http` sends the notices."""

    def __init__(self, site: Site, book: Book, http: httpx.AsyncClient | None = None) -> None:
        self.site = site
        self.book = book
        self.http = http

    def is_site(self, request: Request) -> bool:
        """Whether the request has the key of the site."""
        return hmac.compare_digest(request.headers.get("authorization", ""), f"Bearer {self.site.key}")

    async def notify(self, order: Order, kind: str, *, key: str | None = None, **more: Any) -> int:
        """Send a notice of an order; the status of the answer. `key` signs it in place of the right one."""
        notice = {
            "event_id": f"evt_{secrets.token_hex(8)}",
            "kind": kind,
            "order_id": order.order_id,
            "at": self.book.now().isoformat(),
        }
        return await self._send(json.dumps(notice | more).encode(), key or self.site.callback_key)

    async def notify_paid(self, order: Order, line: Line, **changes: Any) -> int:
        """Send the notice of a payment."""
        paid: dict[str, Any] = {"transaction_id": line.transaction_id, "amount_yen": line.amount_yen, "at": line.at}
        return await self.notify(order, "paid", **(paid | changes))

    async def _send(self, body: bytes, key: str) -> int:
        self.http = self.http or http_client(timeout=10)
        seconds = int(self.book.now().timestamp())
        digest = hmac.digest(key.encode(), f"{seconds}.".encode() + body, sha256).hex()
        headers = {
            "Content-Type": "application/json",
            "Payment-Signature": f"t={seconds},kid={self.site.kid},v1={digest}",
        }
        try:
            return (await self.http.post(self.site.callback_url, content=body, headers=headers)).status_code
        except httpx.HTTPError:
            return 0

    async def act(self, order: Order, act: str) -> list[int]:
        """Have something happen to an order; the answers to the notices that were sent."""
        if act == "forged":
            line = Line("paid", "txn_forged", order.order_id, order.amount_yen, self.book.now().isoformat())
            return [await self.notify_paid(order, line, key=secrets.token_hex(32))]
        if act == "wrong_amount":
            line = self.book.take(order)
            return [await self.notify_paid(order, line, amount_yen=order.amount_yen - 1)]
        if act in _OFF:
            return [await self.notify_paid(order, self.book.take(order, _OFF[act]))]
        if act == "again":
            return [await self.notify_paid(order, line) for line in self.book.taken(order)[-1:]]
        if act == "expire":
            self.book.end(order, "expired")
            return [await self.notify(order, "expired")]
        answers = []
        if act == "late":
            self.book.end(order, "expired")
            answers.append(await self.notify(order, "expired"))
        line = self.book.take(order)
        if act == "lost":
            return answers
        event_id = f"evt_{secrets.token_hex(8)}"
        for _ in range(3 if act == "repeat" else 1):
            answers.append(await self.notify_paid(order, line, event_id=event_id))
        if act == "closed":
            self.book.close_account(order)
        if act in ("twice", "closed"):
            answers.append(await self.notify_paid(order, self.book.take(order)))
        return answers


def create_app(provider: Provider) -> FastAPI:
    """The provider as an application."""
    app = FastAPI(title="Local payment provider", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.provider = provider
    book = provider.book

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/v1/orders")
    async def place(wanted: Wanted, request: Request) -> Response:
        if not provider.is_site(request):
            return JSONResponse({"error": "unauthorized"}, 401)
        if wanted.method not in _METHODS:
            return JSONResponse({"error": "method"}, 422)
        order = book.place(wanted.model_dump())
        here = provider.site.public_url or f"{request.url.scheme}://{request.url.netloc}"
        return JSONResponse(
            {
                "reference": order.reference,
                "pay_number": order.number if order.method == "convenience_store" else None,
                "pay_url": f"{here}/pay/{order.reference}",
            }
        )

    @app.post("/v1/orders/{reference}/cancel")
    async def cancel(reference: str, request: Request) -> Response:
        if not provider.is_site(request):
            return JSONResponse({"error": "unauthorized"}, 401)
        order = book.orders.get(reference)
        if order is None:
            return JSONResponse({"error": "not found"}, 404)
        if order.state != "open":
            return JSONResponse({"error": "over"}, 409)
        book.end(order, "cancelled")
        return JSONResponse({"state": order.state})

    @app.post("/v1/refunds")
    async def refund(wanted: Refunded, request: Request) -> Response:
        if not provider.is_site(request):
            return JSONResponse({"error": "unauthorized"}, 401)
        if book.is_closed(wanted.transaction_id):
            return JSONResponse({"error": "account closed"}, 422)
        if not book.give_back(wanted.refund_id, wanted.transaction_id, wanted.amount_yen):
            return JSONResponse({"error": "no such payment"}, 404)
        return JSONResponse({"state": "refunded"})

    @app.get("/v1/settlements/{day}.csv")
    async def settlements(day: date, request: Request) -> Response:
        if not provider.is_site(request):
            return JSONResponse({"error": "unauthorized"}, 401)
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(("kind", "transaction_id", "order_id", "amount_yen", "at"))
        for line in book.lines:
            if _day_of(line) == day:
                writer.writerow((line.kind, line.transaction_id, line.order_id, line.amount_yen, line.at))
        return Response(out.getvalue(), media_type="text/csv")

    @app.get("/")
    async def home() -> Response:
        items = "".join(
            f'<li><a href="/pay/{order.reference}">{escape(order.label)}</a>'
            f" {order.amount_yen:,} yen, {order.state}</li>"
            for order in reversed(book.orders.values())
        )
        return _page("Payments", f"<ul>{items}</ul>" if items else "<p>Nobody has ordered to pay yet.</p>")

    @app.get("/pay/{reference}")
    async def show(reference: str) -> Response:
        order = book.orders.get(reference)
        return _order_page(order) if order else _page("No such payment", "", 404)

    @app.post("/pay/{reference}")
    async def pay(reference: str, request: Request) -> Response:
        order = book.orders.get(reference)
        if order is None:
            return _page("No such payment", "", 404)
        act = dict(parse_qsl((await request.body()).decode("utf-8", "replace"))).get("do", "")
        if act not in ACTS:
            return _page("No such act", "", 422)
        answers = await provider.act(order, act)
        answered = ", ".join(str(one) if one else "no answer" for one in answers) or "none was sent"
        return _order_page(order, f"<p><strong>{escape(ACTS[act])}.</strong> Answers to the notices: {answered}.</p>")

    return app


def _day_of(line: Line) -> date:
    """The day in Japan of a line, in whose file it stands."""
    return legal_date(datetime.fromisoformat(line.at))


def _order_page(order: Order, done: str = "") -> Response:
    number = (
        f"<p>Number to pay with: <strong>{order.number}</strong></p>" if order.method == "convenience_store" else ""
    )
    buttons = "".join(f'<p><button name="do" value="{act}">{escape(words)}</button></p>' for act, words in ACTS.items())
    return _page(
        f"{_METHODS[order.method]}: {order.amount_yen:,} yen",
        f"{done}<p>{escape(order.label)}, until {escape(order.expires_at)}, {order.state}</p>{number}"
        f'<form method="post">{buttons}</form><p><a href="{escape(order.return_url)}">Back to the site</a></p>',
    )


def _page(title: str, body: str, status: int = 200) -> Response:
    return HTMLResponse(_PAGE.format(title=escape(title), body=body), status)
