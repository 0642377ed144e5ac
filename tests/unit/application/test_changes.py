"""After filing: corrections, new addresses, requested documents, more time, certificates, proofs, imports."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.application.bulk.domain import rows as bulk
from services.application.bulk.domain.receipts import FiledRow, fee_words
from services.application.bulk.domain.rows import RowProblem, WorkedRow
from services.application.bulk.domain.states import RowState, state_of
from services.application.certificates import domain as certificates
from services.application.certificates.domain import Standing
from services.application.changes.domain import contact, more_time, requested
from services.application.changes.domain.background import Earlier, hints_of
from services.application.changes.domain.contact import NewAddress
from services.application.changes.domain.content import Content, changed_codes, differences, shown
from services.application.changes.domain.corrections import FIXED, Way, fixed_problems, forbidden, way_to_correct
from services.application.changes.domain.expectation import published_times
from services.application.changes.domain.requested import Answer
from services.application.filing.domain.draft import Attachment, Draft
from services.application.finding.domain.stays import is_renewal
from services.application.forms.extend.n import EXTEND_N
from services.application.forms.field import Field, Form, Rows
from services.application.progress.domain import Change, Changes, Progress, ProgressStep, wording_of
from services.application.proofs.domain.proof import Filed
from services.application.sheets.book import RowRead
from shared.errors import FieldProblem, Text
from tests.services.application.people import complete_form
from tests.unit.application.test_filing import _codes, _draft

TODAY = date(2026, 11, 29)
NOW = datetime(2026, 11, 29, 3, tzinfo=UTC)
DAY = timedelta(days=1)
A, B = UUID(int=1), UUID(int=2)
FORM = complete_form(TODAY)


@pytest.mark.parametrize(
    ("address", "from_day", "expected"),
    [
        ("東京都港区港南5-5-30", TODAY, []),
        ("東京都港区港南5-5-30", TODAY + 60 * DAY, []),
        ("東京都港区港南5-5-30", TODAY + 61 * DAY, [("/lives_there_from", "too-far-ahead")]),
        ("東京都新宿区1-1", TODAY, [("/address", "nothing-changed")]),
        ("Minato", TODAY, [("/address", "prefecture-unknown")]),
    ],
)
def test_a_new_address_is_another_one_of_japan_and_soon(
    address: str, from_day: date, expected: list[tuple[str, str]]
) -> None:
    office = contact.office_in_charge(address, TODAY)
    found = contact.address_problems(NewAddress(None, address, from_day), "東京都新宿区1-1", office, TODAY)
    assert _codes(found) == expected


def test_more_time_is_asked_for_a_later_day_and_not_for_any() -> None:
    last = more_time.last_day(TODAY)
    for wanted, due, code in [
        (TODAY + DAY, TODAY, None),
        (TODAY, TODAY - DAY, "not-later"),
        (TODAY + DAY, TODAY + DAY, "not-later"),
        (last, TODAY, None),
        (last + DAY, TODAY, "too-late"),
    ]:
        assert _codes(more_time.problems(wanted, due, TODAY)) == ([] if code is None else [("/wanted_on", code)])


def test_requested_documents_are_answered_item_by_item() -> None:
    answers = {0: Answer((A, B)), 1: Answer((A,)), 2: Answer(why_not="lost")}
    assert [answer.given for answer in (*answers.values(), Answer())] == [True, True, True, False]
    assert _codes(requested.unanswered(["TAX", "TAX", "ID", "ID"], answers)) == [("/items/3", "required")]
    assert requested.attachments_of(["TAX", "TAX", "ID"], answers) == [Attachment(A, ("TAX",)), Attachment(B, ("TAX",))]
    assert requested.attachments_of(["TAX", "ID"], answers) == [Attachment(A, ("TAX", "ID")), Attachment(B, ("TAX",))]
    assert _codes(requested.answer_problems(Answer((A,), "lost"))) == [("/why_not", "both-answers")]
    assert requested.answer_problems(Answer((A,))) == []


@pytest.mark.parametrize(
    ("state", "progress", "way"),
    [
        ("draft", None, Way.NOT),
        ("decided", "received", Way.NOT),
        ("received", None, Way.FREELY),
        ("received", "received", Way.FREELY),
        ("received", "under_review", Way.WITH_AGREEMENT),
    ],
)
def test_a_correction_is_free_until_the_examination_begins(state: str, progress: str | None, way: Way) -> None:
    assert way_to_correct(state, progress) is way


def test_some_things_can_never_be_corrected() -> None:
    assert _codes(fixed_problems(FIXED)) == [(f"/{name}", "not-correctable") for name in FIXED]


def test_a_correction_makes_no_application_of_another_person_or_office() -> None:
    facts = EXTEND_N.facts
    other = FORM | {facts.name: "SOMEBODY ELSE", facts.birth_date: "1970-01-01", facts.nationality: "USA"}
    pointer = EXTEND_N.fact_pointer("name")
    assert _codes(forbidden(EXTEND_N, Form(FORM), Form(other), "TYO", "TYO")) == [(pointer, "another-person")]
    two = other | {facts.nationality: FORM[facts.nationality]}
    assert _codes(forbidden(EXTEND_N, Form(FORM), Form(two), None, "TYO")) == []
    assert _codes(forbidden(EXTEND_N, Form(FORM), Form(FORM), "TYO", None)) == []
    assert _codes(forbidden(EXTEND_N, Form(FORM), Form(FORM), "OSA", "TYO")) == [
        (EXTEND_N.fact_pointer("address"), "office-changes")
    ]


TABLE = next(item for item in EXTEND_N.items if isinstance(item, Rows))
COLUMN = TABLE.fields[0]


def _content(photo: UUID | None = A, attachments: tuple[Attachment, ...] = (), **form: Any) -> Content:
    return Content(Form({**FORM, TABLE.code: []} | form), photo, attachments)


def test_the_content_of_two_versions_is_compared() -> None:
    before = _content(attachments=(Attachment(B, ("TAX_CERT", "NONE")),))
    assert before.file_ids == [A, B]
    assert _content(photo=None).file_ids == []
    row: dict[str, Any] = {}
    inner = row
    *path, last = COLUMN.code.split(".")
    for step in path:
        inner = inner.setdefault(step, {})
    inner[last] = "x"
    after = _content(None, (), name_roman="OTHER NAME", **{TABLE.code: [row]})
    assert changed_codes(EXTEND_N, before, before) == ()
    assert changed_codes(EXTEND_N, before, _content(attachments=before.attachments, **{TABLE.code: None})) == ()
    codes = changed_codes(EXTEND_N, before, after)
    assert set(codes) == {"name_roman", TABLE.code, "photo", "documents"}
    assert codes[-2:] == ("photo", "documents")
    found = {each.code: each for each in differences(EXTEND_N, before, after, TODAY)}
    assert set(found) == {"name_roman", f"{TABLE.code}.0.{COLUMN.code}", "photo", "documents"}
    assert found["photo"].after is None
    assert found["photo"].before is not None
    assert found["documents"].after is None
    assert found["documents"].before is not None
    assert "NONE (1 file)" in found["documents"].before.en
    table = found[f"{TABLE.code}.0.{COLUMN.code}"]
    assert table.before is None
    assert "row 1" in table.label.en
    back = {each.code: each for each in differences(EXTEND_N, after, before, TODAY)}
    assert back["photo"].before is None
    assert back["photo"].after is not None
    assert back[table.code].after is None
    two = (Attachment(A, ("TAX_CERT",)), Attachment(B, ()))
    [documents] = differences(EXTEND_N, before, replace(before, attachments=two), TODAY)
    assert documents.after is not None
    assert "(2 files)" in documents.after.en


def _field(kind: str) -> Field:
    return next(item for item in EXTEND_N.items if isinstance(item, Field) and item.kind.name == kind)


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("YES_NO", True, "Yes"),
        ("YES_NO", False, "No"),
        ("PERIOD", "Y1", "1 year"),
        ("NUMBER", 5, "5"),
        ("DAY", "2026-11-29", "2026-11-29"),
        ("DAY", None, None),
    ],
)
def test_values_are_shown_as_people_read_them(kind: str, value: Any, words: str | None) -> None:
    found = shown(_field(kind), value, TODAY)
    assert (found and found.en) == words


def test_codes_are_shown_by_their_names() -> None:
    choice = next(item for item in EXTEND_N.items if isinstance(item, Field) and item.options)
    code, name = next(iter(choice.options.items()))
    assert shown(choice, code, TODAY) == name
    status = replace(_field("NUMBER"), kind=next(kind for kind in type(_field("NUMBER").kind) if kind.name == "STATUS"))
    assert shown(status, "STUDENT", TODAY) != Text("STUDENT", "STUDENT")
    assert shown(status, "KING", TODAY) == Text("KING", "KING")


def _hints(draft: Draft, *earlier: Earlier, day: date = TODAY) -> dict[str, Any]:
    return {hint.code: hint for hint in hints_of(draft, earlier, day, TODAY)}


def _earlier(**form: Any) -> Earlier:
    return Earlier("東オンＥＮ25000001", EXTEND_N, Content(Form(FORM | form), A, ()))


def test_officers_read_hints_of_an_application_and_of_earlier_ones() -> None:
    alone = _hints(_draft())
    assert (alone["earlier_filings"].found, alone["salary"].found) == ("unknown", "unknown")
    assert alone["filing_window"].found == "no"
    assert alone["documents"].found == "yes"
    same = _hints(_draft(), _earlier())
    assert (same["earlier_filings"].found, same["salary"].found) == ("no", "no")
    salary = Form(FORM)["job.salary"]
    assert isinstance(salary, int)
    job = FORM["job"] | {"salary": salary + 1}
    other = _hints(_draft(), _earlier(birth_date="1970-01-01", job=job))
    assert other["earlier_filings"].found == "yes"
    assert "1970-01-01" in other["earlier_filings"].reasons[0].en
    assert other["salary"].found == "yes"
    assert other["salary"].fields == ("/form/job/salary",)
    assert _hints(_draft(), _earlier(birth_date=None))["earlier_filings"].found == "no", "what was empty says nothing"
    assert _hints(_draft(), _earlier(job={"salary": "much"}))["salary"].found == "unknown"


@pytest.mark.parametrize(
    ("expiry", "day", "answer"),
    [
        (TODAY + 60 * DAY, TODAY, "no"),
        (TODAY + 200 * DAY, TODAY, "yes"),
        (TODAY - DAY, TODAY, "yes"),
        (None, TODAY, "unknown"),
    ],
)
def test_an_application_out_of_its_time_is_a_hint(expiry: date | None, day: date, answer: str) -> None:
    form = Form(FORM | {"stay_expiry": expiry and expiry.isoformat()})
    assert _hints(_draft(form=form), day=day)["filing_window"].found == answer


def test_a_form_that_does_not_ask_for_it_has_no_hint_of_it() -> None:
    facts = replace(EXTEND_N.facts, stay_expiry="", cause_on="")
    version = replace(EXTEND_N, facts=facts, advice=())
    found = _hints(_draft(version=version))
    assert (found["filing_window"].found, found["advice"].found) == ("not_asked", "not_asked")


def test_certificates_are_valid_to_their_last_day_and_links_to_theirs() -> None:
    assert certificates.standing(None, False, TODAY) is Standing.VALID
    assert certificates.standing(TODAY, False, TODAY) is Standing.VALID
    assert certificates.standing(TODAY - DAY, False, TODAY) is Standing.EXPIRED
    assert certificates.standing(TODAY, True, TODAY) is Standing.REVOKED
    assert certificates.link_expires_at(NOW, None) == NOW + 14 * DAY
    assert certificates.link_expires_at(NOW, TODAY) == datetime(2026, 11, 29, 14, 59, 59, tzinfo=UTC)
    assert certificates.link_expires_at(NOW, TODAY + 90 * DAY) == NOW + 14 * DAY
    assert certificates.opens(NOW, NOW, False, 4)
    assert not certificates.opens(NOW, NOW, True, 0)
    assert not certificates.opens(NOW, NOW, False, 5)
    assert not certificates.opens(NOW + timedelta(seconds=1), NOW, False, 0)
    assert certificates.issue_day(datetime(2026, 11, 29, 15, tzinfo=UTC)) == TODAY + DAY


def test_a_proof_says_what_was_filed() -> None:
    filed = Filed(
        "東オンＥＮ26000001",
        ("EXTEND", "REENTRY"),
        "STUDENT",
        "TYO",
        TODAY,
        TODAY,
        datetime(2027, 1, 29, 14, 59, 59, tzinfo=UTC),
        "received",
        Progress.RECEIVED,
        "NGUYEN",
        "1990",
    )
    assert filed.pending
    assert filed.special_period_day == date(2027, 1, 29)
    assert replace(filed, special_period_end=None).special_period_day is None
    assert [name.en for name in filed.procedure_names] != ["EXTEND", "REENTRY"]
    assert len(filed.procedure_names) == 2
    assert filed.office_name.en
    assert filed.status_name.en == "Student"
    assert filed.proven(TODAY).receipt_number == filed.receipt_number
    assert not replace(filed, state="withdrawn").pending


def test_steps_and_renewals() -> None:
    assert wording_of("handed_over") == ProgressStep.HANDED_OVER.wording
    assert is_renewal("received", "EXTEND")
    assert not is_renewal("received", "COE")
    assert not is_renewal("withdrawn", "EXTEND")
    assert published_times("EXTEND", "STUDENT", TODAY).standard is not None
    assert published_times("NOTHING", "STUDENT", TODAY).average is None


# Imports


def _problem(code: str, pointer: str) -> FieldProblem:
    return FieldProblem(pointer, code, Text("誤り", "wrong"))


@pytest.mark.parametrize(
    ("problems", "state"),
    [
        ([], RowState.READY),
        ([("required", "/photo_id"), ("document-missing", "/documents")], RowState.FILES_MISSING),
        ([("required", "/photo_id"), ("required", "/form/name")], RowState.WRONG),
        ([("document-rejected", "/documents/0")], RowState.WRONG),
    ],
)
def test_a_row_that_lacks_files_alone_waits_for_them(problems: list[tuple[str, str]], state: RowState) -> None:
    assert state_of(_problem(*each) for each in problems) is state


def _row(**given: Any) -> RowRead:
    return RowRead("Sheet", 4, given.pop("key", "K1"), "v", "EXTEND", "STUDENT", **given)


def test_a_problem_stands_in_its_cell_and_is_kept_with_it() -> None:
    row = _row(cells={"/form/name": "B4", "/form/job/salary": "C4"})
    problems = [_problem("x", pointer) for pointer in ("/form/name", "/form/job", "/form/other", "")]
    placed = bulk.placed(row, problems, read=True)
    assert [one.cell for one in placed] == ["B4", "C4", None, None]
    kept = placed[0].kept()
    assert RowProblem.of(kept) == placed[0]
    assert RowProblem.of({name: value for name, value in kept.items() if name != "needed"}) == placed[0]
    assert placed[0].can_be_confirmed("/form/name")
    assert not placed[0].can_be_confirmed("/form/other")
    assert not placed[3].can_be_confirmed("")
    assert not replace(placed[0], needed=True).can_be_confirmed("/form/name")
    assert not replace(placed[0], read=False).can_be_confirmed("/form/name")


def test_a_row_is_found_again_by_its_key_or_its_person() -> None:
    assert bulk.own_key(_row()) == "K1"
    assert bulk.own_key(_row(key="Sheet:4")) is bulk.own_key(_row(numbered=True)) is None
    assert bulk.import_key(_row(), "self", "EXTEND", None) == "self:EXTEND:key:K1"
    assert bulk.import_key(_row(numbered=True), "self", "EXTEND", "p") == "self:EXTEND:person:p"
    assert bulk.import_key(_row(numbered=True), "self", "EXTEND", None) is None


def test_a_row_says_which_cells_changed() -> None:
    now = {"name": "A", "job": {"salary": "5"}}
    assert bulk.changed_cells(now, None) == {"name": "A", "job.salary": "5"}
    before = {"name": "B", "job": {"salary": "5", "place": "x"}}
    assert bulk.changed_cells(now, before) == {"name": "A", "job.place": None}


def test_a_cell_that_could_not_be_read_is_open_until_somebody_enters_its_value() -> None:
    problems = [
        RowProblem(_problem("x", "/form/name"), "B4", read=True),
        RowProblem(_problem("x", "/form/job"), "C4", read=True),
        RowProblem(_problem("x", "/form/job/place"), "D4", read=True),
        RowProblem(_problem("x", ""), None, read=True),
        RowProblem(_problem("x", "/form/other"), "E4", read=False),
    ]
    changes = Changes({"/form/job/salary": Change(3, A, NOW), "/form/name": Change(2, A, NOW)})
    assert bulk.still_unread(problems, changes, 2) == [problems[0], *problems[2:4]]
    assert bulk.still_unread(problems, changes, 1) == problems[2:4]
    assert bulk.still_unread(problems, changes, 3) == problems[:4]


def test_a_worked_row_reads_its_content_once(monkeypatch: pytest.MonkeyPatch) -> None:
    row = WorkedRow(0, "Sheet", 4, "K1", "read", "content", [], None, None, None)
    reads: list[str] = []

    def read(content: str) -> RowRead:
        reads.append(content)
        return _row()

    monkeypatch.setattr(bulk, "row_read", read)
    assert row.read is row.read
    assert reads == ["content"]


def test_a_line_of_receipts_is_in_words() -> None:
    row = FiledRow(
        0, "K1", "東オンＥＮ26000001", "EXTEND", ["REENTRY"], "STUDENT", NOW, TODAY, "TYO", EXTEND_N.version,
        json.dumps(FORM), "Sheet", 4,
    )  # fmt: skip
    line = row.line()
    assert line.applicant == FORM["name_roman"]
    assert ", " in line.procedures.en
    assert fee_words(["COE"], TODAY) == Text("なし", "none")
    assert "to" in fee_words(["EXTEND", "REENTRY"], date(2027, 4, 1)).en
    assert fee_words(["EXTEND"], TODAY).en.endswith("yen")
