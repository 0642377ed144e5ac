"""Messages of webhooks: what is signed is read, and nothing else."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from zairyu_client import WebhookReceiver, WebhookRefused

SECRET, OTHER = "whsec_" + "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz", "whsec_" + "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4"
BODY = json.dumps(
    {
        "type": "documents.requested",
        "timestamp": "2026-07-01T01:23:45Z",
        "data": {"receipt_number": "東オンＥＮ26000001", "due_on": "2026-07-15", "of_a_newer_site": 1},
    },
    ensure_ascii=False,
)


def signed(body: str = BODY, secret: str = SECRET, age: timedelta = timedelta()) -> dict[str, str]:
    moment = datetime.now(UTC) - age
    signature = Webhook(secret).sign("m1", moment, body)
    return {"Webhook-Id": "m1", "Webhook-Timestamp": str(int(moment.timestamp())), "Webhook-Signature": signature}


@pytest.mark.parametrize("secrets", [SECRET, [OTHER, SECRET]])
def test_a_signed_message_is_an_event(secrets: str | list[str]) -> None:
    event = WebhookReceiver(secrets).event(BODY.encode(), signed())
    assert (event.id, event.type, event.is_ping) == ("m1", "documents.requested", False)
    assert (event.data.receipt_number, str(event.data.due_on)) == ("東オンＥＮ26000001", "2026-07-15")
    assert event.data.model_extra == {"of_a_newer_site": 1}


# Signed when the test runs: the age of a message counts.
REFUSED: list[tuple[str | bytes, Callable[[], dict[str, str]]]] = [
    (BODY + " ", signed),
    (BODY, lambda: signed(secret=OTHER)),
    (BODY, lambda: signed(age=timedelta(minutes=6))),
    (BODY, lambda: signed(age=-timedelta(minutes=6))),
    (BODY, dict),
    (BODY, lambda: signed() | {"Webhook-Signature": "v1,"}),
    (BODY, lambda: signed() | {"Webhook-Timestamp": "x"}),
    ("[]", lambda: signed("[]")),
    ('{"type": 1}', lambda: signed('{"type": 1}')),
    (b"\xff", signed),
]


@pytest.mark.parametrize(("body", "headers"), REFUSED)
def test_anything_else_is_refused(body: str | bytes, headers: Callable[[], dict[str, str]]) -> None:
    with pytest.raises(WebhookRefused):
        WebhookReceiver(SECRET).event(body, headers())


def test_a_receiver_needs_a_secret() -> None:
    with pytest.raises(ValueError, match="secret"):
        WebhookReceiver("")
