"""The guide: every way ends, every end is one that can be filed, and everything that can be filed has a way."""

from collections.abc import Iterator
from datetime import date

import pytest

from shared.errors import Text
from shared.reference.codes import Procedure
from shared.reference.dated import NotInRules
from shared.reference.guide.walk import QUESTIONS, Place, Selection, UnknownAnswer, follow
from shared.reference.procedures import MAIN_PROCEDURES
from shared.reference.statuses import STATUSES, activities, may_be_filed_online, section_of

TODAY = date(2026, 11, 29)


def _places() -> Iterator[Place]:
    """Every place that can be reached, the first question first."""
    waiting = [follow({}, TODAY)]
    while waiting:
        place = waiting.pop()
        yield place
        if place.question is not None:
            waiting += [follow({**place.answers, place.question.code: choice.code}, TODAY) for choice in place.choices]


PLACES = tuple(_places())
ENDS = tuple(place for place in PLACES if place.question is None and place.stop is None)


def _can_be_filed(procedure: str, status: str, activity: str | None) -> bool:
    try:
        section_of(procedure, status, activity, TODAY)
    except NotInRules:
        return False
    return may_be_filed_online(status, procedure, TODAY, activity=activity)


def _all_that_can_be_filed() -> set[Selection]:
    return {
        Selection(procedure, row.code, activity)
        for procedure in MAIN_PROCEDURES
        for row in STATUSES.on(TODAY)
        for activity in [choice.code for choice in activities(row.code, procedure, TODAY)] or [""]
        if _can_be_filed(procedure, row.code, activity or None)
    }


def test_everything_that_can_be_filed_is_reached_and_nothing_else() -> None:
    assert {place.selection for place in ENDS} == _all_that_can_be_filed()


def test_no_question_is_dead_and_each_is_reached() -> None:
    asked = [place for place in PLACES if place.question is not None]
    assert [place for place in asked if not place.choices] == []
    assert {place.question.code for place in asked if place.question} == set(QUESTIONS)
    reached = {(place.question.code, choice.code) for place in asked if place.question for choice in place.choices}
    assert reached == {(question.code, choice.code) for question in QUESTIONS.values() for choice in question.choices}


def test_a_question_has_few_choices_with_codes_of_their_own() -> None:
    for question in QUESTIONS.values():
        codes = [choice.code for choice in question.choices]
        assert len(codes) == len(set(codes))
        assert 2 <= len(codes) <= 15, question.code


def test_every_sentence_is_in_both_languages() -> None:
    texts: list[Text | None] = []
    for question in QUESTIONS.values():
        texts.append(question.text)
        for choice in question.choices:
            texts += [choice.text, choice.hint, choice.why, choice.stop]
    for text in texts:
        if text is not None:
            assert text.ja.strip() and text.en.strip()
            assert text.en.isascii(), text.en


def test_every_end_gives_its_reason_and_every_stop_the_way_out() -> None:
    assert all(place.why.ja and place.why.en for place in ENDS)
    stops = [place for place in PLACES if place.stop is not None]
    assert all(place.question is None for place in stops)
    assert {place.answers["where"] for place in stops} == {"abroad", "japan", "born", "lost", "visitor"}


def test_the_answers_lead_back_to_the_same_place() -> None:
    for place in PLACES:
        assert follow(place.answers, TODAY) == place


def test_an_employee_who_stays_in_the_job_extends() -> None:
    place = follow(
        {
            "where": "japan",
            "need": "stay",
            "end": "soon",
            "held": "none",
            "purpose": "work",
            "work": "office",
            "office": "contract",
        },
        TODAY,
    )
    assert place.selection == Selection(Procedure.EXTEND, "ENG_HUM_INT")
    assert "技術・人文知識・国際業務" in place.why.ja


def test_a_mother_finds_the_form_of_her_new_child() -> None:
    place = follow({"where": "born", "born_when": "within_30", "parents": "supported"}, TODAY)
    assert place.selection == Selection(Procedure.ACQUIRE, "DEPENDENT")


def test_an_answer_on_another_way_is_left_out() -> None:
    place = follow({"where": "abroad", "need": "stay", "end": "past"}, TODAY)
    assert place.answers == {"where": "abroad"}
    assert place.question is not None and place.question.code == "purpose"


@pytest.mark.parametrize(
    ("answers", "question", "named"),
    [
        ({"where": "moon"}, "where", "japan"),
        ({"colour": "red"}, "colour", None),
        ({"where": "abroad", "purpose": "training", "training": "fourth"}, "training", "trainee"),
    ],
)
def test_an_unknown_answer_is_refused_with_the_choices(
    answers: dict[str, str], question: str, named: str | None
) -> None:
    with pytest.raises(UnknownAnswer) as refused:
        follow(answers, TODAY)
    assert refused.value.question == question
    assert (named in refused.value.choices) if named else refused.value.choices == ()


def test_what_the_rules_do_not_allow_is_no_choice() -> None:
    place = follow({"where": "japan", "need": "change", "valid": "yes", "held": "none", "purpose": "training"}, TODAY)
    assert "trainee" not in {choice.code for choice in place.choices}
    abroad = follow({"where": "abroad", "purpose": "work", "work": "points"}, TODAY)
    assert "second" not in {choice.code for choice in abroad.choices}


def test_the_guide_begins_with_a_place_and_asks_no_more_than_nine_questions() -> None:
    assert follow({}, TODAY) == PLACES[0]
    assert max(len(place.answers) for place in PLACES) <= 9
    assert isinstance(PLACES[0], Place)
