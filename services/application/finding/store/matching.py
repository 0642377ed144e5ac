"""Conditions and columns that lists, counts and the export have in common."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, all_, and_, any_, case, false, func, literal, or_, select

from services.application.finding.domain.wanted import Days, Left, Wanted
from services.application.finding.domain.words import as_typed, similar
from services.application.known.store import may_file
from services.application.progress.store import SHOWN, of
from services.application.tables import Account, Application, Member
from shared.auth import Owner
from shared.text.search import Spellings

# The end of a stay: of the granted one, else of the present one.
STAY_END: ColumnElement[date | None] = func.coalesce(Application.stay_until, Application.stay_expiry)


def conditions(owner: Owner, wanted: Wanted, *, similar: bool) -> list[ColumnElement[bool]]:
    """That an application is the owner's and `wanted`, whatever its state and its procedure are.

    `similar`: a word may have one letter wrong.
    """
    return [of(owner), *_facts(wanted), *having(wanted.words, similar=similar)]


def of_states(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """That an application is in one of the states that are `wanted`."""
    if wanted.states:
        yield SHOWN.in_([state.value for state in wanted.states])


def of_procedures(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """That an application is for one of the procedures that are `wanted`."""
    if wanted.procedures:
        yield Application.procedure.in_(wanted.procedures)


def having(words: Sequence[Spellings] | None, *, similar: bool) -> Iterator[ColumnElement[bool]]:
    """That an application has all of these words in its name or number."""
    if words is None:
        return
    if not words:
        # A text without letters and digits is in no name.
        yield false()
    for word in words:
        yield or_(_has(word), _has_similar(word)) if similar else _has(word)


def _facts(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.ids:
        yield Application.id.in_(wanted.ids)
    if wanted.statuses:
        yield Application.status_of_residence.in_(wanted.statuses)
    if wanted.offices:
        yield Application.office.in_(wanted.offices)
    if wanted.in_charge is Left.LEFT:
        yield _has_left(wanted.today)
    elif wanted.in_charge is not None:
        yield Application.account_id == wanted.in_charge
    yield from _between(STAY_END, wanted.stay)
    yield from _between(Application.legal_date, wanted.filed)


def _has_left(today: date) -> ColumnElement[bool]:
    """That the account in charge is known to act in the application's role no longer, or to file for nobody."""
    of = (Member.organisation_id == Application.organisation_id, Member.account_id == Application.account_id)
    ended = select(Member.account_id).where(*of, Application.role != all_(Member.roles)).exists()
    stopped = select(Account.id).where(Account.id == Application.account_id, ~may_file(today)).exists()
    return and_(Application.organisation_id.is_not(None), or_(ended, stopped))


def _between(column: Any, days: Days) -> Iterator[ColumnElement[bool]]:
    if days.first is not None:
        yield column >= days.first
    if days.last is not None:
        yield column <= days.last


def _has(word: Spellings) -> ColumnElement[bool]:
    return or_(*(Application.search_key.like(pattern) for pattern in as_typed(word)))


def _has_similar(word: Spellings) -> ColumnElement[bool]:
    found = similar(word)
    if found is None:
        return false()
    has_part = or_(*(Application.search_key.like(part) for part in found.parts))
    fits = Application.search_key.like(any_(literal(list(found.patterns), ARRAY(Text))))
    # A CASE is worked out in its order: the many patterns are compared where a part fits alone.
    return case((has_part, fits), else_=false())
