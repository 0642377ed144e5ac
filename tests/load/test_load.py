"""The tools of a load: shares of people, pages read, percentiles, growth; and what a run does not overlook."""

import ast
import asyncio
import json
from pathlib import Path

import pytest

from deploy.demo.problems import StepFailed
from deploy.local.problems import StackProblem
from deploy.local.service import ROOT
from tests.load.people.names import name_of
from tests.load.people.page import Page
from tests.load.plan import Account, People, Plan
from tests.load.profiles import read_profiles
from tests.load.report import Minute, Request, by_minute, growing, growth_of, percentile
from tests.load.site import ACCOUNTS, URL, site_under_load
from tests.load.timetable import Timetable

PROFILES = read_profiles()


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("users", [1, 7, 20, 500])
def test_people_are_as_many_as_wanted_and_one_of_each_at_least(name: str, users: int) -> None:
    profile = PROFILES[name]
    counts = profile.counts(users)
    assert set(counts) == {part.kind for part in profile.people}
    assert min(counts.values()) >= 1
    assert sum(counts.values()) == max(users, sum(counts.values()) if users < 50 else 0)


def test_shares_are_kept() -> None:
    assert PROFILES["desks"].counts(40) == {"Examiner": 30, "ChiefExaminer": 10}
    assert PROFILES["drafting"].counts(4) == {"PageApplicant": 3, "ProgramApplicant": 1}


def test_a_page_is_read_with_its_forms() -> None:
    page = Page(
        "/here?x=1",
        """<h1>A title</h1><a href="#content">Skip</a><ul id="problem"><li><a href="#email">Enter it</a></li></ul>
        <button form="step" name="do" value="later">Later</button><script>var no</script>
        <form id="step" action="/there/step"><input type="hidden" name="csrf_token" value="t">
        <input type="hidden" name="hints" value="a"><input type="hidden" name="hints" value="b">
        <input name="email" value="old"><textarea name="note">\nline</textarea>
        <select name="period"><option value="">-</option><option value="Y3" selected>3 years</option></select>
        <input type="radio" name="approve" value="yes"><input type="checkbox" name="chosen" value="1" disabled>
        <input type="checkbox" name="chosen" value="2" checked><button name="do" value="save">Save</button></form>
        <form><button>Alone</button></form>""",
    )
    form = page.form_to("/step")
    assert form is page.form_with("Later") is page.form_with("Save")
    assert page.form_with("Alone").action == "/here?x=1"
    assert form.open == {"email", "note", "period", "approve", "chosen"}
    assert (form.options, form.choices) == ({"period": ["", "Y3"]}, {"approve": ["yes"], "chosen": ["2"]})
    assert form.filled({"email": "new", "approve": "yes"}, "Save") == [
        ("csrf_token", "t"), ("hints", "a"), ("hints", "b"), ("email", "new"), ("note", "line"), ("period", "Y3"),
        ("chosen", "2"), ("approve", "yes"), ("do", "save"),
    ]  # fmt: skip
    assert "var no" not in page.text
    assert page.mistakes == ["Enter it"]
    with pytest.raises(LookupError, match="no button 'Gone'"):
        page.form_with("Gone")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/applications/0193a6a0-0000-7000-8000-000000000001/form/person?lang=en", "/applications/{id}/form/{topic}"),
        ("/api/v1/cases/next", "/api/v1/cases/next"),
        ("/upload/applications/0193a6a0-0000-7000-8000-000000000001/PHOTO", "/upload/applications/{id}/{code}"),
        ("http://127.0.0.1:8333/documents/abc?X-Amz-Signature=1", "(the store)/{file}"),
    ],
)
def test_requests_of_a_kind_have_one_name(path: str, name: str) -> None:
    assert name_of(path) == name


def test_turns_are_due_whatever_the_answers_take() -> None:
    moment = 100.0
    timetable = Timetable(2, 3, lambda: moment)
    first = timetable.next()
    moment = 500.0
    assert [first, timetable.next(), timetable.next(), timetable.next()] == [100.0, 100.5, 101.0, None]


def test_percentiles_by_minute() -> None:
    requests = [Request(61.0 + second, "POST", "submit, due", float(second), second == 7) for second in range(100)]
    rows = by_minute(requests, [Minute(120.0, outbox=3), Minute(180.0, lag=2, fault="review")], ["submit, due"])
    assert [(row["requests"], row["failed"], row["submit: done"]) for row in rows] == [(59, 1, 59), (41, 0, 41)]
    assert (rows[0]["submit: p50"], rows[1]["submit: p50"]) == (29, 79)
    assert (rows[0]["outbox"], rows[1]["lag"], rows[1]["fault"]) == (3, 2, "review")
    assert percentile([float(number) for number in range(101)], 95) == 95.0
    assert (percentile([4.0], 99), percentile([], 99)) == (4.0, 0.0)


def test_memory_that_grows_is_named_and_memory_that_wavers_is_not() -> None:
    minutes = [
        Minute(60.0 * number, memory={"leaking": 100.0 + number, "wavering": 100.0 + number % 3})
        for number in range(30)
    ]
    assert round(growth_of([(one.at, one.memory["leaking"]) for one in minutes])) == 60
    assert growing(minutes) == ["memory of leaking grows by 60 MB an hour, from 116 MB"]
    assert growing(minutes[:8]) == [], "a few minutes say nothing"


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    people = [People("Examiner", 3, (1.0, 2.5), {"rows": 5})]
    accounts = {"examiner": [Account("load-1", "secret words", "KEY")], "office": [Account("ZR-1", "words")]}
    plan = Plan("http://127.0.0.1:1", tmp_path, people, accounts, {"ZR-1": ["a"]}, {"ZR-1": ["b"]}, 2.5, 60, 0.1, True)
    plan.write(tmp_path / "plan.json")
    assert Plan.read(tmp_path / "plan.json") == plan


def test_an_address_elsewhere_needs_accounts(tmp_path: Path) -> None:
    with (
        pytest.raises(StackProblem, match="name a file with accounts in ZAIRYU_LOAD_ACCOUNTS"),
        site_under_load({URL: "https://example.com"}),
    ):
        pass
    file = tmp_path / "accounts.json"
    file.write_text(json.dumps({"office": [{"login_id": "ZR-1", "password": "words"}]}))
    with site_under_load({URL: "https://example.com/", ACCOUNTS: str(file)}) as site:
        assert site.url == "https://example.com"
        with pytest.raises(StepFailed, match="too few accounts for examiner: 3 are needed"):
            asyncio.run(site.prepare(PROFILES["desks"], {"Examiner": 3, "ChiefExaminer": 1}, lambda line: None))


def test_nothing_but_the_people_imports_locust() -> None:
    """It replaces sockets and threads of the whole process."""
    people = {ROOT / "tests/load/locustfile.py", *(ROOT / "tests/load/people").glob("*.py")}
    for folder in ("services", "shared", "deploy", "tests", "clients"):
        for file in (ROOT / folder).rglob("*.py"):
            if file in people:
                continue
            text = file.read_text()
            found = ast.walk(ast.parse(text)) if "gevent" in text or "locust" in text else ()
            nodes = [node for node in found if isinstance(node, ast.Import | ast.ImportFrom)]
            names = [node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in nodes]
            assert not [name for name in names if (name or "").partition(".")[0] in ("locust", "gevent")], file
