"""Rules of a request for more time to submit requested documents."""

from collections.abc import Iterator
from datetime import date

from shared.errors import FieldProblem, Text
from shared.reference.deadlines import deadline


def last_day(today: date) -> date:
    """The last day that can be asked for."""
    return deadline("requested_documents_at_most", today).after(today)


def problems(wanted_on: date, due_on: date, today: date) -> Iterator[FieldProblem]:
    """The problems of the day that is asked for."""
    earliest, last = max(due_on, today), last_day(today)
    if wanted_on <= earliest:
        message = Text("{earliest}より後の日付にしてください", "Choose a day after {earliest}").with_values(
            earliest=earliest
        )
        yield FieldProblem("/wanted_on", "not-later", message)
    elif wanted_on > last:
        message = Text("{last}までの日付にしてください", "Choose {last} or an earlier day").with_values(last=last)
        yield FieldProblem("/wanted_on", "too-late", message)
