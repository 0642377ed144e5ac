"""The receiver of docs/build-on-zairyu.md: verifies, works on a message once, and refuses what is not signed."""

from datetime import UTC, datetime

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from tests.clients.test_build_on_zairyu import PROGRAMS

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"
BODY = '{"type": "fee.paid", "timestamp": "2026-07-01T01:23:45Z", "data": {"receipt_number": "東オンＥＮ26000001"}}'


async def test_the_receiver_of_the_guide(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("WEBHOOK_SECRET", SECRET)
    program = next(text for text in PROGRAMS if "WebhookReceiver(" in text)
    names: dict[str, object] = {"__name__": "receiver"}
    exec(program, names)
    now = datetime.now(UTC)
    headers = {"webhook-id": "m1", "webhook-timestamp": str(int(now.timestamp()))}
    headers["webhook-signature"] = Webhook(SECRET).sign("m1", now, BODY)
    transport = httpx.ASGITransport(names["app"])  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://receiver") as sender:
        answers = [await sender.post("/zairyu", content=BODY, headers=headers) for _ in range(2)]
        forged = await sender.post("/zairyu", content=BODY.replace("fee", "fez"), headers=headers)
    assert [answer.status_code for answer in answers] == [204, 204]
    assert forged.status_code == 400
    assert capsys.readouterr().out.count("fee.paid") == 1
