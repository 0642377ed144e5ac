"""HTTP: reports of mail providers about undelivered mails. Their signature is what signs them in."""

import re
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError

from services.notification.bounces.commands import take_failure
from services.notification.bounces.metrics import REPORTS
from services.notification.bounces.schemas import MailReport, ReportTaken, Taken
from services.notification.settings import Settings
from services.notification.suppression.commands import Return
from shared.auth import Actor, public
from shared.errors import FieldProblem, Invalid, Text, Unauthenticated
from shared.http import refusals, signed_body
from shared.http.marks import RequestMark
from shared.notice_signature import BadSignature, check
from shared.service import CurrentRuntime

HEADER = "Report-Signature"
log = structlog.get_logger(__name__)
_COUNTED = {Taken.RECORDED: "failed", Taken.REPEATED: "repeated", Taken.UNKNOWN: "not-understood"}
_PROVIDER = Actor.system("mail-provider")
_MESSAGE_ID = re.compile(
    r"<?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.([1-9][0-9]{0,3})@[^@>]+>?"
)

router = APIRouter(tags=["mail reports"], dependencies=[public], responses=refusals(401))


async def _signed_body(request: Request) -> bytes:
    """The bytes that are signed. They are read before the mark, which reads a form as fields and keeps no bytes."""
    return await request.body()


SignedBody = Annotated[bytes, Depends(_signed_body)]


class NotSigned(Unauthenticated):
    """A report without a signature of the mail provider. The reason is in the log, and not for strangers."""

    code = "signature-refused"
    title = Text("署名を確認できません", "The signature is not one of the email provider")


@router.post(
    "/mail-reports",
    operation_id="takeMailReport",
    openapi_extra=signed_body(MailReport),
)
async def take_report(request: Request, body: SignedBody, runtime: CurrentRuntime, mark: RequestMark) -> ReportTaken:
    """Take the report of a mail provider that a mail did not arrive. The header `Report-Signature` reads
    `t=SECONDS,kid=KEY,v1=HEX`, with the HMAC-SHA256 of `SECONDS.BODY`. Reports may be repeated, and come in any
    order."""
    settings = runtime.settings
    assert isinstance(settings, Settings)
    try:
        check(request.headers.get(HEADER), body, settings.report_keys, runtime.clock.now())
    except BadSignature as bad:
        REPORTS.labels("forged").inc()
        log.warning("mail_reports.refused", reason=str(bad))
        raise NotSigned() from bad
    report, message_id, sent = _read(body)
    failure = Return(message_id, sent, report.status, "provider")
    taken = await runtime.commands.run(_PROVIDER, mark, lambda work: take_failure(work, failure))
    REPORTS.labels(_COUNTED[taken.outcome]).inc()
    return taken


def _read(body: bytes) -> tuple[MailReport, UUID, int]:
    try:
        report = MailReport.model_validate_json(body)
    except ValidationError as error:
        first = error.errors()[0]
        place = "/" + "/".join(str(part) for part in first["loc"])
        raise Invalid(
            Text("報告の内容を読み取れません（{place}）", "The report cannot be read at {place}: {fault}").with_values(
                place=place, fault=first["msg"]
            ),
            code="report-malformed",
        ) from error
    found = _MESSAGE_ID.fullmatch(report.message_id.lower())
    if found is None:
        message = Text(
            "本サービスが送信したメールの Message-ID を指定してください",
            "Give the Message-ID of an email of this service",
        )
        raise Invalid(fields=[FieldProblem("/message_id", "not-a-mail-of-ours", message)], code="report-malformed")
    return report, UUID(found[1]), int(found[2])
