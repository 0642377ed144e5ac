"""The identity of a service to the broker, and the protocol over which it speaks."""

import ast
import ssl
from pathlib import Path

import pytest

import shared.messaging
from shared.messaging import KafkaSettings
from tests.guards.sources import calls


@pytest.mark.parametrize(
    ("username", "tls", "protocol"),
    [
        (None, False, "PLAINTEXT"),
        ("review", False, "SASL_PLAINTEXT"),
        ("review", True, "SASL_SSL"),
        (None, True, "SSL"),
    ],
)
def test_settings_say_how_the_broker_is_spoken_to(username: str | None, tls: bool, protocol: str) -> None:
    """[attacks F3] user and TLS each as they are set."""
    options = KafkaSettings(
        "broker:9092", username=username, password="secret" if username else None, tls=tls
    ).connection()
    assert options["security_protocol"] == protocol
    assert options.get("sasl_plain_username") == username
    assert options.get("sasl_mechanism") == ("SCRAM-SHA-512" if username else None)
    if tls:
        context = options["ssl_context"]
        assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert "secret" not in repr(KafkaSettings("broker:9092", username="review", password="secret"))


def test_every_client_is_made_with_these_settings() -> None:
    """[attacks F3] producer, consumer and administrator: one that forgot would be refused, or worse, not be."""
    made = []
    for file in Path(shared.messaging.__file__).parent.glob("kafka*.py"):
        for call in calls(file):
            if isinstance(call.func, ast.Name) and call.func.id.startswith("AIOKafka"):
                spread = [ast.unparse(keyword.value) for keyword in call.keywords if keyword.arg is None]
                assert any(each.endswith(".connection()") for each in spread), f"{file.name}:{call.lineno}"
                made.append(call.func.id)
    assert sorted(made) == ["AIOKafkaAdminClient", "AIOKafkaConsumer", "AIOKafkaProducer"]
