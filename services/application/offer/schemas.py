"""Published forms: what is offered, and the fields of one form with their words, options and conditions."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.application.progress.schemas import words
from shared.errors import Text
from shared.http import Words
from shared.languages import Lang
from shared.reference.guide.walk import Place

Required = Literal["always", "sometimes", "never"]


class Offered(BaseModel):
    """A form that is offered today."""

    version: str = Field(examples=["extend-n-2026-02-27"])
    procedure: str = Field(examples=["EXTEND"])
    section: str = Field(description="form section, empty where the procedure has none", examples=["N"])
    statuses: list[str] = Field(examples=[["ENG_HUM_INT"]])
    activities: list[str] = Field(description="activities that lead to this form, where a status has several")
    title: Words
    valid_from: date | None


class OfferedForms(BaseModel):
    """The forms that are offered on `day`."""

    day: date
    items: list[Offered]


class Asked(BaseModel):
    """A condition: `field` has one of the values `in`, none of `not_in`, or is `empty`; or a fact of the filing."""

    model_config = ConfigDict(populate_by_name=True)

    field: str | None = Field(None, examples=["mobile"])
    one_of: list[Any] | None = Field(None, alias="in")
    none_of: list[Any] | None = Field(None, alias="not_in")
    empty: bool | None = None
    filing: str | None = Field(None, examples=["by_agent"])


class Option(BaseModel):
    """One choice of a list."""

    code: str = Field(examples=["VNM"])
    label: Words


class OptionsBy(BaseModel):
    """The codes of `options` that may be chosen, by the answer to another field."""

    field: str
    lists: dict[str, list[str]]


class RowsOf(BaseModel):
    """A table: how many rows it has at most, and the fields of a row."""

    most: int
    fields: list["Item"]


class Item(BaseModel):
    """A field, or a table of fields. `when`: any of the groups, all conditions of a group; empty means always."""

    code: str = Field(examples=["mobile"])
    pointer: str = Field(description="JSON pointer in an application", examples=["/form/mobile"])
    kind: str = Field(description="how it is written: text, day, choice, rows, ...", examples=["phone"])
    label: Words
    help: Words | None
    sample: str | None
    most: int | None = Field(description="greatest number, or number of characters")
    unit: str
    required: Required
    when: list[list[Asked]]
    options: list[Option] | None
    options_by: OptionsBy | None
    rows: RowsOf | None
    paper_item: str | None = Field(description="number on the paper form", examples=["9"])


class Topic(BaseModel):
    """Fields that belong together: one page."""

    code: str = Field(examples=["applicant"])
    title: Words
    items: list[Item]


class PublishedForm(BaseModel):
    """A form with all that a program needs to show, fill in and check it."""

    model_config = ConfigDict(populate_by_name=True)

    version: str = Field(examples=["extend-n-2026-02-27"])
    procedure: str = Field(examples=["EXTEND"])
    section: str = Field(examples=["N"])
    statuses: list[str]
    activities: list[str]
    combined_with: list[str] = Field(description="procedures filed together whose fields are part of it")
    title: Words
    valid_from: date | None
    topics: list[Topic]
    json_schema: dict[str, Any] = Field(alias="schema", description="JSON Schema (2020-12) of a complete form")
    example: dict[str, Any] = Field(description="a complete form of an invented person")


class ExampleContact(BaseModel):
    """The contact of an example."""

    email: str = Field(examples=["hanako@example.jp"])
    language: Lang


class FormExample(BaseModel):
    """A complete application of an invented person: the body of `POST /v1/applications`."""

    procedure: str = Field(examples=["EXTEND"])
    combined_with: list[str]
    status_of_residence: str = Field(examples=["ENG_HUM_INT"])
    activity: str | None
    form: dict[str, Any] = Field(description="answers by the codes of the fields")
    notify: ExampleContact


class GuideOption(BaseModel):
    """A choice in everyday words."""

    code: str = Field(examples=["japan"])
    text: Words
    hint: Words | None


class GuideQuestion(BaseModel):
    """A question; its answer is the query parameter with its code."""

    code: str = Field(examples=["where"])
    text: Words
    options: list[GuideOption]


class GuideResult(BaseModel):
    """The form that is needed, and why."""

    procedure: str = Field(examples=["EXTEND"])
    status: str = Field(examples=["ENG_HUM_INT"])
    activity: str | None
    version: str = Field(examples=["extend-n-2026-02-27"])
    why: Words


class GuideStep(BaseModel):
    """The next question, or the end: the form that is needed (`result`), or where else to go (`stop`)."""

    question: GuideQuestion | None
    answers: dict[str, str] = Field(description="the answers that count, in the order of their questions")
    result: GuideResult | None
    stop: Words | None


_NO_FORM = Text(
    "この手続の様式はまだオンラインで用意されていません。住居地を担当する地方出入国在留管理局の窓口で申請してください。",
    "The form for this is not offered online yet: please go to the counter of the regional immigration office.",
)


def guided(place: Place, version: str | None) -> GuideStep:
    """A place of the guide; `version` is the form to which an end leads, None where none is offered."""
    question = place.question and GuideQuestion(
        code=place.question.code,
        text=words(place.question.text),
        options=[
            GuideOption(code=choice.code, text=words(choice.text), hint=choice.hint and words(choice.hint))
            for choice in place.choices
        ],
    )
    ended, chosen, result = place.question is None, place.selection, None
    if version is not None:
        result = GuideResult(
            procedure=chosen.procedure,
            status=chosen.status,
            activity=chosen.activity or None,
            version=version,
            why=words(place.why),
        )
    stop = place.stop or (_NO_FORM if ended and result is None else None)
    return GuideStep(question=question, answers=dict(place.answers), result=result, stop=stop and words(stop))
