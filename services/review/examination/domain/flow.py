"""The steps of examination: start, findings, requests for documents, interviews."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from services.review.cases.domain.flow import Officer, Progress, require
from services.review.cases.domain.refusal import Wrong
from services.review.cases.domain.states import TRANSITIONS, State, Step
from shared.clock import end_of_day_jst


def start(case: Progress, by: Officer) -> Progress:
    """An examiner takes a case that nobody has."""
    require(case, Step.START, by)
    return replace(case, state=State.UNDER_REVIEW, examiner=by.id)


def examine(case: Progress, by: Officer, today: date) -> Progress:
    """Findings are recorded; a case that waited for an interview or for overdue documents goes on."""
    require(case, Step.EXAMINE, by, today)
    return replace(case, state=State.UNDER_REVIEW, documents_due=None)


def request_documents(case: Progress, by: Officer, due_on: date, today: date) -> Progress:
    """Documents are asked for, to come by `due_on`. One request at a time."""
    require(case, Step.REQUEST_DOCUMENTS, by, today)
    if due_on <= today:
        raise Wrong(
            "due-date-passed", "期限は翌日以降の日付にしてください", "The due date must be tomorrow or later", "/due_on"
        )
    return replace(case, state=State.DOCS_REQUESTED, documents_due=due_on)


def take_documents(case: Progress) -> Progress:
    """The applicant submitted what was asked for; once a proposal waits or a decision is made, it is only noted."""
    if case.state not in TRANSITIONS[Step.TAKE_DOCUMENTS].sources:
        return replace(case, documents_due=None)
    return replace(case, state=State.DOCS_SUBMITTED, documents_due=None)


def request_interview(case: Progress, by: Officer) -> Progress:
    """Somebody is invited to talk (事情聴取); the case is on hold until it is examined again."""
    require(case, Step.REQUEST_INTERVIEW, by)
    return replace(case, state=State.ON_HOLD_INTERVIEW)


def overdue_from(due_on: date) -> datetime:
    """The moment from which documents due on a day are overdue: midnight in Japan after it."""
    return end_of_day_jst(due_on) + timedelta(seconds=1)
