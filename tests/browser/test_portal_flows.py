"""People who file in Chromium, each from the questions to the receipt, the list and the case page: a company's clerk a
certificate of eligibility, a lawyer a change, a student an extension, and a mother an acquisition for her child."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from deploy.local.identity_provider.people import FOREIGNER, PARENT, SCRIVENER
from tests.browser.filing import (
    answer_questions,
    attach,
    example_of,
    filer,
    filer_by_identity,
    fill_topics,
    submit,
)
from tests.browser.looking import Tab, Visitors

NEWBORN = {"name": "NGUYEN MINH ANH", "birth_date": "2026-11-05"}


@dataclass(frozen=True, slots=True)
class Flow:
    """A person and what they file: the answers that lead to its form, and how its receipt number begins."""

    name: str
    lang: str
    signed_in: Callable[[Visitors, Tab], Awaitable[object]]
    procedure: str
    status: str
    way: Mapping[str, str]
    number: str
    scripts: bool = True


async def _clerk(visitors: Visitors, tab: Tab) -> None:
    await filer(visitors, tab, "flow.clerk")


async def _lawyer(visitors: Visitors, tab: Tab) -> None:
    await filer_by_identity(visitors, tab, "lawyer_scrivener", SCRIVENER)


async def _student(visitors: Visitors, tab: Tab) -> None:
    await filer_by_identity(visitors, tab, "self", FOREIGNER)


async def _mother(visitors: Visitors, tab: Tab) -> None:
    child: Any = {"kind": "parent", "people": [NEWBORN]}
    await filer_by_identity(visitors, tab, "legal_rep", PARENT, representation=child)


IN_JAPAN = {"where": "japan", "held": "none"}
FLOWS = (
    Flow("clerk", "ja", _clerk, "COE", "STUDENT", {"where": "abroad", "purpose": "study"}, "東オンＮＰ26"),
    Flow(
        "lawyer",
        "en",
        _lawyer,
        "CHANGE",
        "ENG_HUM_INT",
        IN_JAPAN | {"need": "change", "valid": "yes", "purpose": "work", "work": "office", "office": "contract"},
        "東オンＣＮ26",
    ),
    Flow(
        "student",
        "en",
        _student,
        "EXTEND",
        "STUDENT",
        IN_JAPAN | {"need": "stay", "end": "soon", "purpose": "study"},
        "東オンＥＰ26",
        scripts=False,
    ),
    Flow(
        "mother",
        "ja",
        _mother,
        "ACQUIRE",
        "DEPENDENT",
        {"where": "born", "born_when": "within_30", "parents": "supported"},
        "東オンＡ26",
    ),
)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
async def test_from_the_questions_to_the_list_and_the_case_page(visitors: Visitors, flow: Flow) -> None:
    async with visitors.tab(flow.lang, java_script_enabled=flow.scripts) as tab:
        await flow.signed_in(visitors, tab)
        await tab.page.goto("/applications/new/questions")
        path = await answer_questions(tab, dict(flow.way))
        card = f"AB2468135{FLOWS.index(flow)}CD"
        await fill_topics(tab, example_of(flow.procedure, flow.status, visitors.clock, card), flow.name)
        await attach(visitors, tab, path, flow.name)
        await submit(tab, path)
        await tab.look(f"{flow.name}-receipt")
        assert flow.number in await tab.page.inner_text("main")
        await _is_in_the_list_and_has_its_page(tab, flow, path)


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
