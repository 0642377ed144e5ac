"""A certificate of eligibility for a student and a family's extension in Chromium: from the questions to the receipt,
and on to the list and the case page."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from services.application.forms.catalogue import current_form
from shared.clock import ManualClock, legal_date
from tests.browser.filing import SAVE, answer_questions, filer, fill, send, submit
from tests.browser.looking import Tab, Visitors
from tests.gateway.portal import typed_answers
from tests.services.document import files

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass(frozen=True, slots=True)
class Flow:
    """An application: the answers that lead to its form, and how its receipt number begins."""

    name: str
    lang: str
    procedure: str
    status: str
    way: Mapping[str, str]
    number: str


STUDENT = Flow("student", "ja", "COE", "STUDENT", {"where": "abroad", "purpose": "study"}, "東オンＮＰ26")
FAMILY = Flow(
    "family",
    "en",
    "EXTEND",
    "DEPENDENT",
    {"where": "japan", "need": "stay", "end": "soon", "held": "none", "purpose": "family", "family": "dependent"},
    "東オンＥＲ26",
)


def _answers(flow: Flow, clock: ManualClock) -> dict[str, Any]:
    """The example of the form, with a stay that ends in 60 days."""
    today = legal_date(clock.now())
    version = current_form(flow.procedure, flow.status, today)
    assert version is not None
    form = deepcopy(dict(version.example))
    if version.facts.stay_expiry:
        form[version.facts.stay_expiry] = (today + timedelta(days=60)).isoformat()
        form[version.facts.card_number] = "AB24681357CD"
    return form


@pytest.mark.parametrize("flow", [STUDENT, FAMILY], ids=lambda flow: flow.name)
async def test_from_the_questions_to_the_list_and_the_case_page(visitors: Visitors, flow: Flow) -> None:
    async with visitors.tab(flow.lang) as tab:
        await filer(visitors, tab, f"flow.{flow.name}")
        await tab.page.goto("/applications/new/questions")
        path = await answer_questions(tab, dict(flow.way))
        await _fill_topics(tab, flow, _answers(flow, visitors.clock))
        await _attach(visitors, tab, path)
        await submit(tab, path)
        await tab.look(f"{flow.name}-receipt")
        assert flow.number in await tab.page.inner_text("main")
        await _is_in_the_list_and_has_its_page(tab, flow, path)


async def _fill_topics(tab: Tab, flow: Flow, answers: Mapping[str, Any]) -> None:
    """Every topic is saved without a mistake, and leads to the next."""
    typed = typed_answers(answers)
    await tab.press("main .actions .button")
    while "/form/" in tab.page.url:
        here = tab.page.url
        await fill(tab, typed)
        await tab.look(f"{flow.name}-{here.partition('?')[0].rpartition('/')[2]}")
        await tab.press(SAVE)
        assert tab.page.url != here, await tab.page.inner_text("main")


async def _attach(visitors: Visitors, tab: Tab, path: str) -> None:
    """The photo, one PDF for all documents that the page lists, and the address for emails."""
    await tab.page.goto(f"{path}/photo")
    await send(tab, "PHOTO", "photo.jpg", files.jpeg(), "main .file")
    await visitors.exchange()
    await tab.page.goto(f"{path}/documents")
    ticks = tab.page.locator("main input[name=codes][type=checkbox]")
    for number in range(await ticks.count()):
        await ticks.nth(number).check()
    await send(tab, "SEVERAL", "papers.pdf", files.pdf(3), "main .file")
    await visitors.exchange()
    await tab.page.goto(f"{path}/notify")
    await tab.page.fill("#email", "an.nguyen@example.com")
    await tab.press("main form button[value=save]")


async def _is_in_the_list_and_has_its_page(tab: Tab, flow: Flow, path: str) -> None:
    await tab.page.goto("/applications")
    await tab.look(f"{flow.name}-list")
    assert flow.number in await tab.page.inner_text("main")
    link = path.partition("/applications/")[2]
    await tab.press(f"main a[href*='{link}']")
    await tab.look(f"{flow.name}-case")
    assert flow.number in await tab.page.inner_text("main")
    # Nothing of what was filed is edited any more.
    await tab.page.goto(f"{path}/review")
    assert tab.page.url.partition("?")[0] == path
