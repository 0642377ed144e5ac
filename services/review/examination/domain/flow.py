"""The steps of examination: start, findings, requests for documents, interviews."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from services.review.cases.domain.flow import Officer, Progress, require
from services.review.cases.domain.refusal import Wrong
from services.review.cases.domain.states import TRANSITIONS, State, Step
from shared.clock import JST, end_of_day_jst
from shared.errors import Text
from shared.reference.deadlines import deadline

# Reminders go out in the morning of their day.
_REMIND_AT = time(9)


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
    _check_due_date(due_on, today)
    return replace(case, state=State.DOCS_REQUESTED, documents_due=due_on)


def give_more_time(case: Progress, by: Officer, due_on: date, today: date) -> Progress:
    """Requested documents may come by `due_on`, which is later than they were due."""
    require(case, Step.ANSWER_MORE_TIME, by)
    _check_due_date(due_on, today)
    if case.documents_due is not None and due_on <= case.documents_due:
        raise Wrong(
            "not-later",
            Text(
                "現在の提出期限（{documents_due}）より後の日付にしてください",
                "Choose a day after the present due date, {documents_due}",
            ).with_values(documents_due=case.documents_due),
            "/due_on",
        )
    return replace(case, documents_due=due_on, more_time_asked=False)


def decline_more_time(case: Progress, by: Officer) -> Progress:
    """The day for requested documents stays."""
    require(case, Step.ANSWER_MORE_TIME, by)
    return replace(case, more_time_asked=False)


def _check_due_date(due_on: date, today: date) -> None:
    if due_on <= today:
        raise Wrong(
            "due-date-passed",
            Text("期限は翌日以降の日付にしてください", "The due date must be tomorrow or later"),
            "/due_on",
        )
    last = deadline("requested_documents_at_most", today).after(today)
    if due_on > last:
        raise Wrong(
            "due-date-too-late",
            Text("期限は{last}までの日付にしてください", "The due date can be {last} at the latest").with_values(
                last=last
            ),
            "/due_on",
        )


def take_documents(case: Progress) -> Progress:
    """The applicant submitted what was asked for; once a proposal waits or a decision is made, it is only noted."""
    if case.state not in TRANSITIONS[Step.TAKE_DOCUMENTS].sources:
        return replace(case, documents_due=None)
    if case.state is State.ON_HOLD_INTERVIEW:
        return case
    return replace(case, state=State.DOCS_SUBMITTED, documents_due=None, more_time_asked=False)


def request_interview(case: Progress, by: Officer) -> Progress:
    """Somebody is invited to talk (事情聴取); the case is on hold until it is examined again."""
    require(case, Step.REQUEST_INTERVIEW, by)
    return replace(case, state=State.ON_HOLD_INTERVIEW)


def move_interview(case: Progress, by: Officer) -> Progress:
    """The interview takes place at another time or place; the case stays on hold."""
    require(case, Step.MOVE_INTERVIEW, by)
    return case


def cancel_interview(case: Progress, by: Officer) -> Progress:
    """The interview does not take place; the examination goes on."""
    require(case, Step.CANCEL_INTERVIEW, by)
    return replace(case, state=State.UNDER_REVIEW)


def check_held_at(held_at: datetime | None, now: datetime) -> None:
    """Raise `Wrong` for an interview in the past."""
    if held_at is not None and held_at <= now:
        raise Wrong("held-in-past", Text("日時は現在より後にしてください", "Choose a time in the future"), "/held_at")


def next_reminder(day: date, days_before: Sequence[int], now: datetime) -> datetime | None:
    """The next moment after `now` at which people are reminded of something on `day`; None after the last one."""
    moments = (
        datetime.combine(day - timedelta(days=before), _REMIND_AT, JST).astimezone(UTC)
        for before in sorted(days_before, reverse=True)
    )
    return next((moment for moment in moments if moment > now), None)


def overdue_from(due_on: date) -> datetime:
    """The moment from which documents due on a day are overdue: midnight in Japan after it."""
    return end_of_day_jst(due_on) + timedelta(seconds=1)
