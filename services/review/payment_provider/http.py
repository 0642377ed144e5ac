"""The payment provider over HTTP, with JSON and a bearer key. No call holds a connection to the database for long."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import structlog
from pydantic import BaseModel, Field, ValidationError

from services.review.payment_provider.port import Order, Placed, ProviderUnavailable, RefundRefused
from shared.outgoing import http_client
from shared.text.characters import readable

log = structlog.get_logger(__name__)

TIMEOUT = httpx.Timeout(5.0, connect=2.0)
LARGEST_ANSWER = 16 * 1024 * 1024  # a day with 100,000 payments
# The provider's answer to what is over already.
_OVER = 409
# Refusals of one request. Others (no longer authorised, too many, too slow) say nothing of the refund, and may pass.
_FINAL = (400, 404, 410, 422)
_LONGEST_REASON = 200


class _Placed(BaseModel):
    """The provider's answer to an order. An address that is no web page is not believed."""

    reference: str = Field(pattern=r"^[A-Za-z0-9_-]{1,80}$")
    pay_number: str | None = Field(None, pattern=r"^[0-9 -]{1,40}$")
    pay_url: str | None = Field(None, pattern=r"^https?://[^\s\"'<>]{1,500}$")


class _Refusal(BaseModel):
    """The provider's word for a refusal."""

    error: str


def _reason(answer: httpx.Response) -> str:
    """The provider's reason, for officers: what it says, and its status."""
    try:
        said = readable(_Refusal.model_validate_json(answer.content).error).strip()
    except ValidationError:
        said = ""
    return f"{said[:_LONGEST_REASON]} ({answer.status_code})".strip()


class HttpProvider:
    """One per process. Without an address in the settings nothing is paid online."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url.rstrip("/")
        self._key = key
        self._http: httpx.AsyncClient | None = None

    async def close(self) -> None:
        """Let go of connections."""
        if self._http is not None:
            await self._http.aclose()

    async def place(self, order: Order) -> Placed:
        body = {
            "order_id": str(order.id),
            "label": order.receipt_number,
            "method": order.method,
            "amount_yen": order.amount_yen,
            "expires_at": order.expires_at.isoformat(),
            "return_url": order.return_url,
        }
        answer = await self._ask("POST", "/v1/orders", body)
        try:
            found = _Placed.model_validate_json(answer.content)
        except ValidationError as error:
            log.warning("payment_provider.refused", reason="answer not understood")
            raise ProviderUnavailable() from error
        return Placed(found.reference, found.pay_number, found.pay_url)

    async def cancel(self, reference: str) -> None:
        await self._ask("POST", f"/v1/orders/{reference}/cancel", {}, also=(_OVER,))

    async def refund(self, refund_id: UUID, transaction_id: str, amount_yen: int) -> None:
        body = {"refund_id": str(refund_id), "transaction_id": transaction_id, "amount_yen": amount_yen}
        answer = await self._ask("POST", "/v1/refunds", body, also=_FINAL)
        if answer.status_code in _FINAL:
            raise RefundRefused(_reason(answer))

    async def settlements(self, day: date) -> bytes:
        return (await self._ask("GET", f"/v1/settlements/{day.isoformat()}.csv")).content

    async def _ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, also: tuple[int, ...] = ()
    ) -> httpx.Response:
        """The answer; `also` are refusals that are as good as success."""
        self._http = self._http or http_client(timeout=TIMEOUT)
        try:
            answer = await self._http.request(
                method, f"{self._url}{path}", json=body, headers={"Authorization": f"Bearer {self._key}"}
            )
        except httpx.HTTPError as error:
            log.warning("payment_provider.refused", reason=type(error).__name__)
            raise ProviderUnavailable() from error
        if not (answer.is_success or answer.status_code in also) or len(answer.content) > LARGEST_ANSWER:
            log.warning("payment_provider.refused", reason=f"status {answer.status_code}")
            raise ProviderUnavailable()
        return answer
