"""No value of any field, header, parameter or path ends in an error of ours: extremes of every kind, one at a time, in
requests that are otherwise good, to every operation that the OpenAPI documents list, for records that are there.

`make test-system` sends some of them, the same each time; `make fuzz` sends more, with 600 examples or more every one.
"""

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from random import randrange
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.review.cases.domain.states import State
from tests.fuzz.documents import document
from tests.fuzz.house import WholeSystem
from tests.services.registration.drafts import complete
from tests.services.registration.identity import form
from tests.services.registration.life import report
from tests.services.registration.site import submission
from tests.services.review.test_permissions import MATRIX
from tests.support.odd import Odd, odd_requests

pytestmark = pytest.mark.system

EXAMPLES = int(os.environ.get("ZAIRYU_FUZZ_EXAMPLES", "8"))
EVERY = max(1, 600 // EXAMPLES)
FIRST = randrange(EVERY) if "ZAIRYU_FUZZ_EXAMPLES" in os.environ else 0
SERVICES = ("registration", "application", "document", "review", "notification", "gateway")
# Good bodies of routes whose documents have no example that would be taken.
BODIES: dict[str, Any] = {route: body for route, (_, body) in MATRIX.items() if body} | {
    "POST /v1/usage-registrations": submission(),
    "PUT /v1/usage-registration-drafts/{draft_id}": complete(),
    "POST /v1/periodic-reports": report(),
    "POST /v1/personal-registrations": {"ticket": "x", **form("lawyer_scrivener")},
}
BODIES |= {
    "POST /v1/cases/{case_id}/document-requests": {
        "items": [{"code": "RES_TAX", "message": "x"}],
        "due_on": "2029-10-20",
    },
    "POST /v1/cases/{case_id}/card": {"card_number": "AB12345678CD", "expires_on": "2032-08-31"},
    "POST /v1/cases/{case_id}/interview": {"held_at": "2029-10-01T01:00:00Z", "instructions": "x"},
    "POST /v1/cases/{case_id}/counter-visit": {"reason_code": "returned_mail", "visit_by": "2029-10-20"},
    "POST /v1/cases/{case_id}/certificate": {"method": "POST", "valid_until": "2029-12-20"},
}
# The state in which a step can be taken: what is looked at after the state would not be met otherwise.
STATES = {
    "start": State.RECEIVED,
    "examination": State.UNDER_REVIEW,
    "document-requests": State.UNDER_REVIEW,
    "interview": State.UNDER_REVIEW,
    "same-person": State.UNDER_REVIEW,
    "proposal": State.UNDER_REVIEW,
    "decision": State.PROPOSED,
    "reassignment": State.UNDER_REVIEW,
    "hand-over": State.UNDER_REVIEW,
    "return": State.UNDER_REVIEW,
    "take-back": State.UNDER_REVIEW,
    "assignment": State.RECEIVED,
    "transfer": State.RECEIVED,
    "flags": State.RECEIVED,
    "termination": State.UNDER_REVIEW,
    "fee": State.AWAITING_FEE,
    "card-materials-received": State.AWAITING_FEE,
    "counter-reception": State.AWAITING_FEE,
    "card": State.CARD_PRODUCTION,
    "mailing": State.CARD_ISSUED,
    "counter-visit": State.CARD_ISSUED,
    "delivery": State.DISPATCHED,
}


def operations(service: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(path, a document of one operation), for every operation."""
    whole = document(service)
    for path, item in whole["paths"].items():
        for method, operation in item.items():
            yield path, {"paths": {path: {method: operation}}, "components": whole["components"]}


def sent(client: httpx.Client, house: WholeSystem, service: str, caller: str, odd: Odd) -> httpx.Response:
    """The answer to one request."""
    own = {name.lower() for name, _ in odd.headers}
    more = {"Idempotency-Key": uuid4().hex, "If-Match": "*"} | house.callers[caller] | house.place()
    headers = [(n.encode(), v.encode()) for n, v in more.items() if n.lower() not in own]
    headers += [(name.encode(), value) for name, value in odd.headers]
    url = httpx.URL(house.urls[service]).copy_with(raw_path=odd.path.encode())
    return client.send(client.build_request(odd.method, url, headers=headers, content=odd.body or None))


@pytest.mark.parametrize("service", SERVICES)
def test_no_value_ends_in_an_error_of_ours(house: WholeSystem, service: str) -> None:
    """[attacks F13, faults 1, faults 4, faults 5] And what was taken can be read afterwards."""
    turns, wrong = count(FIRST), []
    readable = [path for path, made in operations(service) if "get" in made["paths"][path]]
    house.renew()
    with httpx.Client(timeout=60) as client:
        for number, (path, made) in enumerate(operations(service)):
            known = {name: pool[number % len(pool)] for name, pool in house.known.items()}
            state = STATES.get(path.rpartition("/")[2]) if service == "review" else None
            case_id = known["case_id"] = house.cases[state or State.RECEIVED]
            for odd in odd_requests(made, known, BODIES):
                if (turn := next(turns)) % EVERY:
                    continue
                callers = ["an officer"] if state else [*house.callers]
                caller = callers[turn // EVERY % len(callers)]
                if state is not None:
                    odd = replace(odd, path=odd.path.replace(case_id, house.cases[state]))
                answer = sent(client, house, service, caller, odd)
                if answer.status_code >= 500:
                    wrong.append((odd.why, odd.method, odd.path, caller, answer.status_code))
                if not answer.is_success or odd.method == "GET":
                    continue
                house.renew()
                for other in (each for each in readable if "{" in each and each.startswith(path.partition("}")[0])):
                    there = other.format_map(defaultdict(lambda: "x", known))
                    seen = sent(client, house, service, caller, Odd("seen", "GET", there, []))
                    if seen.status_code >= 500:
                        wrong.append((odd.why, odd.method, odd.path, f"then {other}", seen.status_code))
                if state is not None:
                    house.new_case(state)
    assert wrong == []
