"""The columns of an export, and the cells of an application in them."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from services.application.forms.catalogue import form_of
from services.application.forms.field import Form
from services.application.progress.schemas import shown_state
from services.application.sheets.columns import Column as FormColumn
from services.application.sheets.columns import Plan, columns_of, shown, value_at
from services.application.sheets.export import Column
from services.application.tables import Application, Progress
from shared.clock import JST
from shared.errors import Text
from shared.http import say
from shared.languages import OfficialLang
from shared.reference.case_states import applicants_state
from shared.reference.lists import code_list
from shared.reference.offices import OFFICES
from shared.reference.procedures import PROCEDURES
from shared.reference.statuses import STATUSES

Cell = str | int | None


class ExportBegun(BaseModel):
    """An export that the journal has noted: the number of its applications, and whether their names are similar."""

    count: int
    similar: bool


@dataclass(frozen=True, slots=True)
class _Row:
    """An application with what its cells are made of."""

    application: Application
    progress: Progress | None
    answers: Mapping[str, Any]
    language: OfficialLang

    @property
    def state(self) -> str:
        """The words for where it stands."""
        shown = shown_state(self.application, self.progress)
        return say(applicants_state(shown, self.application.procedure), self.language)

    def fact(self, name: str) -> Any:
        """The answer to a question that rules ask as well."""
        return form_of(self.application.form_version, self.application.combined_with).fact(name, Form(self.answers))

    def named(self, names: Mapping[str, Text], code: str | None) -> str | None:
        """The name of a code, else the code."""
        return code if code is None or code not in names else say(names[code], self.language)


def _names(table: Any) -> dict[str, Text]:
    return {row.code: row.name for row in table.rows}


_PROCEDURES, _STATUSES, _OFFICES = _names(PROCEDURES), _names(STATUSES), _names(OFFICES)
_NATIONS = code_list("nationality").labels
_OUTCOMES = {
    "granted": Text("許可", "granted"),
    "refused": Text("不許可／不交付", "refused"),
    "not_accepted": Text("不受理・却下", "not accepted"),
}


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(JST).strftime("%Y-%m-%d %H:%M") if moment else None


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


_FACTS: Sequence[tuple[Text, int, Callable[[_Row], Cell]]] = (
    (Text("受付番号", "Receipt number"), 20, lambda row: row.application.receipt_number),
    (
        Text("状況", "Progress"),
        24,
        lambda row: row.state,
    ),
    (Text("手続", "Procedure"), 28, lambda row: row.named(_PROCEDURES, row.application.procedure)),
    (
        Text("在留資格", "Status of residence"),
        28,
        lambda row: row.named(_STATUSES, row.application.status_of_residence),
    ),
    (Text("氏名", "Name"), 28, lambda row: _text(row.fact("name"))),
    (Text("国籍・地域", "Nationality"), 16, lambda row: row.named(_NATIONS, row.fact("nationality"))),
    (Text("生年月日", "Date of birth"), 12, lambda row: _text(row.fact("birth_date"))),
    (Text("在留カード番号", "Residence card number"), 16, lambda row: _text(row.fact("card_number"))),
    (Text("現在の在留期限", "End of the present stay"), 12, lambda row: _text(row.application.stay_expiry)),
    (Text("受付日", "Filed on"), 12, lambda row: _text(row.application.legal_date)),
    (Text("受付時刻", "Filed at"), 18, lambda row: _moment(row.application.submitted_at)),
    (Text("受付官署", "Office"), 24, lambda row: row.named(_OFFICES, row.application.office)),
    (Text("特例期間の末日", "End of the special period"), 18, lambda row: _moment(row.application.special_period_end)),
    (
        Text("追加資料の提出期限", "Documents are due on"),
        12,
        lambda row: _text(row.progress.due_on) if row.progress else None,
    ),
    (Text("結果", "Result"), 14, lambda row: row.named(_OUTCOMES, row.progress.outcome) if row.progress else None),
    (Text("許可された在留期限", "End of the stay granted"), 12, lambda row: _text(row.application.stay_until)),
    (Text("手数料（円）", "Fee (yen)"), 10, lambda row: row.progress.fee_yen if row.progress else None),
    (Text("申請ID", "Application id"), 38, lambda row: str(row.application.id)),
)


@dataclass(frozen=True, slots=True)
class ExportTable:
    """The columns of one export: the facts of every application, then the answers of these forms, by code."""

    language: OfficialLang
    answers: Mapping[str, FormColumn]

    @classmethod
    def of(cls, plans: Sequence[Plan], language: OfficialLang) -> "ExportTable":
        """The table for applications of these forms; without forms it has the facts alone."""
        found = {column.code: column for plan in plans for column in columns_of(plan) if column.field is not None}
        return cls(language, found)

    def columns(self) -> list[Column]:
        """The headings."""
        facts = [Column(say(heading, self.language), width) for heading, width, _ in _FACTS]
        return facts + [Column(f"{say(each.label, self.language)} [{code}]") for code, each in self.answers.items()]

    def cells(self, application: Application, progress: Progress | None) -> list[Cell]:
        """The line of an application."""
        form = json.loads(application.form)
        row = _Row(application, progress, form, self.language)
        return [*(cell(row) for _, _, cell in _FACTS), *self._answered(form)]

    def _answered(self, form: Mapping[str, Any]) -> Iterator[Cell]:
        for column in self.answers.values():
            value = value_at(form, column)
            assert column.field is not None
            yield None if value is None else shown(column.field, value, self.language)
