"""HTTP: notices of the payment provider. Its signature is what signs it in."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Request
from prometheus_client import Counter
from pydantic import ValidationError

from services.review.payment.commands import notices
from services.review.payment.commands.notices import Notice
from services.review.payment.domain.online import REFUSED, NoticeOutcome
from services.review.payment.schemas.online import NoticeBody, NoticeTaken
from services.review.settings import Settings
from shared.auth import Actor, public
from shared.errors import Invalid, Text, Unauthenticated
from shared.http import refusals, signed_body
from shared.http.marks import RequestMark
from shared.notice_signature import BadSignature, check
from shared.service import CurrentRuntime

HEADER = "Payment-Signature"

log = structlog.get_logger(__name__)
NOTICES = Counter("zairyu_review_payment_notices_total", "Notices of the payment provider, by outcome", ["outcome"])
_PROVIDER = Actor.system("payment-provider")
_WORDS = {
    NoticeOutcome.WRONG_AMOUNT: Text(
        "金額が納付の受付と一致しません。記録しましたが、納付には充てていません。",
        "The amount is not that of the order. It was recorded, and pays nothing.",
    ),
    NoticeOutcome.UNKNOWN_ORDER: Text(
        "この order_id の納付は受け付けていません。記録しました。", "No order has this order_id. It was recorded."
    ),
}

router = APIRouter(tags=["payment"], dependencies=[public], responses=refusals(401))


async def _signed_body(request: Request) -> bytes:
    """The bytes that are signed. They are read before the mark, which reads a form as fields and keeps no bytes."""
    return await request.body()


SignedBody = Annotated[bytes, Depends(_signed_body)]


class NotSigned(Unauthenticated):
    """A notice without a signature of the provider. The reason is in the log, and not for strangers."""

    code = "signature-refused"
    title = Text("署名を確認できません", "The signature is not one of the payment provider")


@router.post(
    "/payments/callback",
    operation_id="takePaymentNotice",
    openapi_extra=signed_body(NoticeBody),
)
async def take_notice(request: Request, body: SignedBody, runtime: CurrentRuntime, mark: RequestMark) -> NoticeTaken:
    """Take a notice of the payment provider. The header `Payment-Signature` reads `t=SECONDS,kid=KEY,v1=HEX`, with the
    HMAC-SHA256 of `SECONDS.BODY`. Notices may be repeated, and come in any order."""
    settings = runtime.settings
    assert isinstance(settings, Settings)
    try:
        check(request.headers.get(HEADER), body, settings.payment_keys, runtime.clock.now())
    except BadSignature as bad:
        NOTICES.labels("forged").inc()
        log.warning("payment_notice.refused", reason=str(bad))
        raise NotSigned() from bad
    notice = _read(body)
    taken = await runtime.commands.run(_PROVIDER, mark, lambda work: notices.take_notice(work, notice))
    NOTICES.labels(taken.outcome).inc()
    if taken.outcome in REFUSED:
        log.warning("payment_notice.refused", reason=taken.outcome.value)
        raise Invalid(_WORDS[taken.outcome], code=taken.outcome.value.replace("_", "-"))
    return taken


def _read(body: bytes) -> Notice:
    try:
        found = NoticeBody.model_validate_json(body)
    except ValidationError as error:
        NOTICES.labels("malformed").inc()
        first = error.errors()[0]
        place = "/" + "/".join(str(part) for part in first["loc"])
        raise Invalid(
            Text("通知の内容を読み取れません（{place}）", "The notice cannot be read at {place}: {fault}").with_values(
                place=place, fault=first["msg"]
            ),
            code="notice-malformed",
        ) from error
    return Notice(found.event_id, found.kind, found.order_id, found.at, found.transaction_id, found.amount_yen)
