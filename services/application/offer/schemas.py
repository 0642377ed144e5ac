"""Published forms: what is offered, and the fields of one form with their words, options and conditions."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.application.progress.schemas import Words

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
