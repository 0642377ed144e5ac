"""The conditions of a grant: those that it states, and what was stated."""

from collections.abc import Mapping
from datetime import date

from pydantic import BaseModel, Field

from services.review.decision.domain.conditions import Askable
from services.review.decision.schemas.words import Named
from shared.http import Words
from shared.reference.grant_conditions import in_order, in_words


class AskableView(BaseModel):
    """A condition that a grant states: one of `choices`, several separated by commas where that is possible, or words
    where there are none."""

    code: str = Field(examples=["ssw_field"])
    name: Words
    choices: list[Named]
    several: bool
    only_with: tuple[str, str] | None = Field(description="only beside that choice of another condition")

    @classmethod
    def of(cls, one: Askable) -> "AskableView":
        choices = [Named(code=code, name=Words.of(name)) for code, name in one.choices.items()]
        return cls(
            code=one.code, name=Words.of(one.name), choices=choices, several=one.several, only_with=one.only_with
        )


class ConditionView(BaseModel):
    """A condition of a grant in words: its name, what was stated, and what that means for its holder."""

    code: str = Field(examples=["extra_activity"])
    value: str = Field(examples=["general"])
    name: Words
    text: Words
    meaning: Words | None

    @classmethod
    def all_of(cls, stated: Mapping[str, str], on: date) -> "list[ConditionView]":
        found = [(code, value, in_words(code, value, on)) for code, value in in_order(stated)]
        return [
            cls(
                code=code,
                value=value,
                name=Words.of(words.name),
                text=Words.of(words.text),
                meaning=Words.of(words.meaning) if words.meaning else None,
            )
            for code, value, words in found
        ]
