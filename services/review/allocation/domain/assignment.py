"""The examiner and the office of a case: taking, giving, handing over, returning, another office."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from uuid import UUID

from services.review.cases.domain.flow import Officer, Progress, require
from services.review.cases.domain.refusal import NotNow, Wrong
from services.review.cases.domain.states import State, Step
from shared.errors import Text
from shared.reference.caseloads import Caseload
from shared.reference.offices import OFFICES


def take_next(case: Progress, by: Officer) -> Progress:
    """The next case of the queue becomes the examiner's; one that nobody has started is started."""
    require(case, Step.START if case.state is State.RECEIVED else Step.TAKE, by)
    return _give(case, by.id)


def take(case: Progress, by: Officer) -> Progress:
    """An examiner takes a case that nobody has any more; it stays where it is."""
    require(case, Step.TAKE, by)
    return _give(case, by.id)


def assign(case: Progress, by: Officer, to: UUID, absent: Collection[UUID]) -> Progress:
    """The chief gives a new case to an examiner: its examination begins."""
    require(case, Step.ASSIGN, by)
    return _give(case, _present(to, absent))


def reassign(case: Progress, by: Officer, to: UUID, absent: Collection[UUID] = ()) -> Progress:
    """The chief gives the case to another examiner; it stays where it is."""
    require(case, Step.REASSIGN, by)
    return _give(case, _another(case, _present(to, absent)))


def hand_over(case: Progress, by: Officer, to: UUID, absent: Collection[UUID]) -> Progress:
    """The examiner who has the case gives it to a colleague; it stays where it is."""
    require(case, Step.HAND_OVER, by)
    return _give(case, _another(case, _present(to, absent)))


def give_back(case: Progress, by: Officer) -> Progress:
    """The examiner who has the case returns it to the queue of the office, with everything that was done."""
    require(case, Step.GIVE_BACK, by)
    return replace(case, examiner=None)


def take_back(case: Progress, by: Officer) -> Progress:
    """The chief takes the case back from its examiner into the queue of the office."""
    require(case, Step.TAKE_BACK, by)
    return replace(case, examiner=None)


def transfer(case: Progress, by: Officer, present: str, to: str, today: date) -> Progress:
    """The case goes to another office, where nobody has it yet; state and due dates stay."""
    require(case, Step.TRANSFER, by)
    if OFFICES.find(today, to) is None:
        raise Wrong("unknown-office", Text("官署の一覧にないコードです", "This is no office of the list"), "/office")
    if to == present:
        raise Wrong("same-office", Text("既にその官署の案件です", "That office has the case already"), "/office")
    return replace(case, examiner=None)


def check_caseload(limit: Caseload, cases: int) -> None:
    """Raise `NotNow` where an examiner has as many cases at work as the office allows."""
    if cases >= limit.cases:
        raise NotNow(
            "work-in-progress",
            Text(
                "担当中の案件が{cases}件あり、上限（{limit}件）に達しています。起案するか、"
                "同僚に引き継ぐか、待ち行列に戻してから次の案件を受け取ってください。",
                "You have {cases} cases at work, and the limit of your office is {limit}. Propose an outcome for"
                " one, hand one over or return one to the queue, then take the next.",
            ).with_values(cases=cases, limit=limit.cases),
            limit=limit.cases,
            cases=cases,
        )


def _give(case: Progress, to: UUID) -> Progress:
    state = State.UNDER_REVIEW if case.state is State.RECEIVED else case.state
    return replace(case, examiner=to, state=state)


def _another(case: Progress, to: UUID) -> UUID:
    if to == case.examiner:
        raise Wrong(
            "already-theirs",
            Text("既にその審査官が担当しています", "That examiner has the case already"),
            "/examiner_id",
        )
    return to


def _present(to: UUID, absent: Collection[UUID]) -> UUID:
    if to in absent:
        raise Wrong(
            "absent",
            Text(
                "不在として登録されている審査官です。別の審査官を選んでください。",
                "That examiner is recorded as absent today; choose another one",
            ),
            "/examiner_id",
        )
    return to
