"""The way through the questions; what the rules of a day do not allow is not offered as a choice."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from shared.errors import Text
from shared.reference.dated import NotInRules
from shared.reference.guide.acquisition import ACQUISITION
from shared.reference.guide.designated import DESIGNATED
from shared.reference.guide.purpose import PURPOSE
from shared.reference.guide.question import Choice, Question
from shared.reference.guide.start import START
from shared.reference.statuses import activities, may_be_filed_online, section_of
from shared.texts import sentences

QUESTIONS = {question.code: question for question in (*START, *ACQUISITION, *PURPOSE, *DESIGNATED)}
FIRST = START[0].code
_NO_REASON = Text("", "")


@dataclass(frozen=True, slots=True)
class Selection:
    """The procedure, status of residence and activity that the answers have named so far; empty where not yet."""

    procedure: str = ""
    status: str = ""
    activity: str = ""

    def after(self, choice: Choice) -> "Selection":
        """The same with what `choice` names."""
        return replace(
            self,
            procedure=choice.procedure or self.procedure,
            status=choice.status or self.status,
            activity=choice.activity or self.activity,
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the way: the next question with the choices that are open, or the end.

    The end is a `selection` with the reason `why` (`question` and `stop` are None), or `stop`: the way out, where it
    cannot be filed online. `answers` are those that count, in the order of the questions.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    question: Question | None = None
    choices: tuple[Choice, ...] = ()
    selection: Selection = Selection()
    why: Text = _NO_REASON
    stop: Text | None = None


class UnknownAnswer(LookupError):
    """An answer that its question does not have, with the codes that it has; `choices` is empty for no question."""

    def __init__(self, question: str, choices: tuple[str, ...]) -> None:
        super().__init__(f"{question}: one of {', '.join(choices)}" if choices else f"no question {question}")
        self.question = question
        self.choices = choices


def follow(answers: Mapping[str, str], day: date) -> Place:
    """The place to which `answers` (codes by question) lead by the rules of `day`.

    Answers to questions that lie on another way are left out, so that a person may go back and answer differently.
    Raises `UnknownAnswer`.
    """
    for name in answers:
        if name not in QUESTIONS:
            raise UnknownAnswer(name, ())
    place = _asked(FIRST, Place(), day)
    while place.question is not None and (code := answers.get(place.question.code)) is not None:
        chosen = next((choice for choice in place.choices if choice.code == code), None)
        if chosen is None:
            raise UnknownAnswer(place.question.code, tuple(choice.code for choice in place.choices))
        place = _chosen(place, place.question, chosen, day)
    return place


def _chosen(place: Place, question: Question, choice: Choice, day: date) -> Place:
    why = choice.why or _NO_REASON
    following = Place(
        answers={**place.answers, question.code: choice.code},
        selection=place.selection.after(choice),
        why=sentences(place.why, why),
    )
    if choice.stop is not None:
        return replace(following, stop=choice.stop)
    return _asked(choice.to, following, day) if choice.to else _end(following, day)


def _asked(code: str, place: Place, day: date) -> Place:
    """The question with that code, or the end where it asks for an activity and none is needed."""
    question = QUESTIONS[code]
    if question.about_activity and not _has_activities(place.selection, day):
        return _end(place, day)
    return replace(place, question=question, choices=_open(code, place.selection, day))


def _end(place: Place, day: date) -> Place:
    """The end at `place`; an activity is named only where the status asks for one."""
    if _has_activities(place.selection, day):
        return place
    return replace(place, selection=replace(place.selection, activity=""))


@lru_cache(maxsize=4096)
def _open(question: str, selection: Selection, day: date) -> tuple[Choice, ...]:
    """The choices of a question that lead to something that can be filed on `day`, or to a way out."""
    return tuple(choice for choice in QUESTIONS[question].choices if _leads_on(choice, selection, day))


def _leads_on(choice: Choice, before: Selection, day: date) -> bool:
    selection = before.after(choice)
    if choice.only and selection.procedure not in choice.only:
        return False
    if choice.stop is not None:
        return True
    if not choice.to or (QUESTIONS[choice.to].about_activity and not _has_activities(selection, day)):
        return _is_offered(selection, day)
    return bool(_open(choice.to, selection, day))


def _has_activities(selection: Selection, day: date) -> bool:
    return bool(activities(selection.status, selection.procedure, day))


def _is_offered(selection: Selection, day: date) -> bool:
    activity = selection.activity or None
    try:
        section_of(selection.procedure, selection.status, activity, day)
    except NotInRules:
        return False
    return may_be_filed_online(selection.status, selection.procedure, day, activity=activity)
