"""Log lines carry ids and no persons."""

import io
import json
import logging as standard
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import structlog
from pydantic import BaseModel, SecretStr
from sqlalchemy.exc import IntegrityError

from shared import logging
from shared.redaction import is_sensitive, redact_text
from shared.repeats import RepeatFilter

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Lines:
    stream = io.StringIO()
    logging.configure("test", "INFO", stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


class Person(BaseModel):
    born: date


def person_errors() -> list[Exception]:
    errors: list[Exception] = [
        IntegrityError("INSERT INTO people (name) VALUES ($1)", ["Nguyen"], Exception("Key (email)=(Nguyen) exists")),
        ValueError("bad address nguyen@example.com"),
        ConnectionError("postgresql+asyncpg://review:Nguyen@127.0.0.1/review refused"),
    ]
    try:
        Person.model_validate({"born": "Nguyen"})
    except ValueError as error:
        errors.append(error)
    return errors


@pytest.mark.parametrize("error", person_errors(), ids=lambda error: type(error).__name__)
def test_an_error_is_logged_by_type_and_place_without_the_values_it_speaks_of(error: Exception, lines: Lines) -> None:
    log = structlog.get_logger("t")
    nguyen = {"name": "Nguyen"}
    try:
        try:
            raise error
        except Exception as inner:
            raise RuntimeError("wrapped") from inner
    except RuntimeError:
        log.exception("command.failed", applicant=nguyen)
    (line,) = lines()
    assert line["exception"][1]["type"].endswith(type(error).__name__)
    assert "test_an_error_is_logged" in line["exception"][0]["frames"][-1]
    assert "nguyen" not in json.dumps(line).lower()


def test_sensitive_keys_are_redacted_wherever_they_are(lines: Lines) -> None:
    structlog.get_logger("t").info(
        "registration.submitted",
        account_id="018f",
        form={
            "applicant": {"Family-Name": "Tanaka", "passport_number": "TZ123", "city": "Tokyo"},
            "rows": [{"email": 1}],
        },
        password=SecretStr("Tanaka"),
        other=SecretStr("Tanaka"),
        note="ask tanaka@example.com about TK12345678AB",
        authorization="Bearer Tanaka",
    )
    (line,) = lines()
    assert (line["account_id"], line["form"]["applicant"]["city"]) == ("018f", "Tokyo")
    assert line["note"] == "ask [redacted] about [redacted]"
    assert "tanaka" not in json.dumps(line).lower()


def test_the_standard_librarys_loggers_speak_the_same_way(lines: Lines) -> None:
    structlog.contextvars.bind_contextvars(request_id="demo-0001", event_id="018f")
    try:
        standard.getLogger("aiokafka").warning("mail to %s failed", "tanaka@example.com")
        standard.getLogger("uvicorn.access").info("GET /v1/people/Tanaka")
        standard.getLogger("httpx").info("GET http://x/password/one-time-link")
    finally:
        structlog.contextvars.clear_contextvars()
    (line,) = lines()
    assert (line["event"], line["level"], line["logger"]) == ("mail to [redacted] failed", "warning", "aiokafka")
    assert (line["request_id"], line["event_id"], line["service"]) == ("demo-0001", "018f", "test")


def test_lines_below_the_level_are_not_made(lines: Lines) -> None:
    structlog.get_logger("t").debug("detail")
    assert lines() == []


@pytest.mark.parametrize("key", ["email", "applicant_email", "e_mail", "NAME", "given-names", "date_of_birth", "token"])
def test_keys_that_name_a_person_or_a_secret_are_known(key: str) -> None:
    assert is_sensitive(key)


@pytest.mark.parametrize("key", ["route", "status", "account_id", "event_type", "check", "service", "topic", "rows"])
def test_keys_of_the_trade_stay_readable(key: str) -> None:
    assert not is_sensitive(key)


def test_tokens_are_recognised_by_shape() -> None:
    text = "Authorization: Bearer abc.def and eyJhbGciOi.eyJzdWIi.c2ln at redis://u:p@h"
    assert redact_text(text) == "Authorization: [redacted] and [redacted] at redis://[redacted]@h"


def test_library_that_repeats_itself_is_logged_once_and_what_is_new_at_once(lines: Lines) -> None:
    """[faults 36] aiokafka writes the same lines twelve times a second while the broker is away."""
    client, fetcher = standard.getLogger("aiokafka"), standard.getLogger("aiokafka.consumer.fetcher")
    for _ in range(100):
        client.error("Unable connect to node with id %s: %s", 1, "refused")
        fetcher.error("Failed fetch messages from %s: %s", 1, "NodeNotReadyError")
    client.error("Unable connect to node with id %s: %s", 2, "refused")
    client.warning("Unable connect to node with id %s: %s", 1, "refused")
    standard.getLogger("uvicorn").error("ours")
    standard.getLogger("uvicorn").error("ours")
    assert [line["event"] for line in lines()] == [
        "Unable connect to node with id 1: refused",
        "Failed fetch messages from 1: NodeNotReadyError",
        "Unable connect to node with id 2: refused",
        "Unable connect to node with id 1: refused",
        "ours",
        "ours",
    ]


def test_line_that_was_held_back_is_counted_when_it_passes_again() -> None:
    """[faults 36]"""
    now = 0.0
    once = RepeatFilter("library", every=30, monotonic=lambda: now)

    def say(text: str) -> str | None:
        record = standard.LogRecord("library.part", standard.ERROR, "f", 1, text, None, None)
        return record.getMessage() if once.filter(record) else None

    assert [say("away"), say("away"), say("away")] == ["away", None, None]
    now = 31
    assert [say("away"), say("away")] == ["away (and 2 times more since it was last logged)", None]
    for number in range(1000):
        assert say(f"new {number}")
    assert say("away"), "memory is bounded: what was long ago is new again"
