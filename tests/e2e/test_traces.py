"""The way of one application is one trace: gateway, service, outbox, broker, consumers, mail."""

import pytest

from deploy.demo.case import Outcome
from deploy.local.system import System
from tests.support.collector import Collected, Collector
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka


async def test_the_way_of_an_application_is_one_trace(system: System, played: Outcome, collector: Collector) -> None:
    async def arrived() -> list[Collected]:
        spans = collector.spans()
        of_the_application = {
            span.trace
            for span in spans
            if span.name == "send ApplicationSubmitted"
            and span.attributes["messaging.kafka.message.key"] == played.application_id
        }
        way = [span for span in spans if span.trace in of_the_application]
        return way if {"review", "notification"} <= {span.service for span in way} and _mails(way) else []

    way = await eventually(arrived, 30)
    names = {(span.service, span.name) for span in way}
    assert ("application", "POST /v1/applications/{application_id}/submit") in names, names
    assert ("application", "send ApplicationSubmitted") in names
    assert {("review", "handle ApplicationSubmitted"), ("notification", "handle ApplicationSubmitted")} <= names
    # The applicant and the staff who filed.
    assert len(_mails(way)) == 2
    assert {span.attributes["zairyu.outcome"] for span in _mails(way)} == {"accepted"}
    ids = {span.id for span in way}
    (root,) = [span for span in way if not span.parent]
    assert (root.service, root.name[:5]) == ("gateway", "POST ")
    assert all(span.parent in ids for span in way if span is not root)


def _mails(way: list[Collected]) -> list[Collected]:
    return [span for span in way if span.name.startswith("mail ")]
