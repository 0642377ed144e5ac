"""Rules of a correction: whether it is possible, and what it may not change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.application.filing.domain.draft import Attachment
from services.application.forms.field import Form
from services.application.forms.form import FormVersion
from services.application.progress.domain import Progress, State
from shared.errors import FieldProblem, Text


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction as the applicant states it.

    `patch` is a JSON merge patch of the form. The photo changes where `replaces_photo`, the documents where
    `attachments` is not None. `fixed` names what was sent and can never be corrected.
    """

    patch: Mapping[str, Any]
    reason: str
    photo_id: UUID | None = None
    replaces_photo: bool = False
    attachments: Sequence[Attachment] | None = None
    fixed: tuple[str, ...] = ()


class Way(StrEnum):
    """The way in which an application can be corrected now."""

    FREELY = "freely"
    WITH_AGREEMENT = "with_agreement"
    NOT = "not"


WHY_NOT = {
    State.DRAFT: Text(
        "まだ申請していないため、下書きをそのまま編集してください。", "It is not filed yet: edit the draft itself."
    ),
    State.DECIDED: Text(
        "審査が完了しているため、訂正できません。誤りがある場合は担当の官署にお問い合わせください。",
        "The decision is made, so it cannot be corrected: ask the office in charge about a mistake.",
    ),
    State.WITHDRAWN: Text(
        "取下げ済みのため、訂正できません。必要な場合は新たに申請してください。",
        "It is withdrawn and cannot be corrected: file a new application where you need one.",
    ),
    State.TERMINATED: Text(
        "審査が終止したため、訂正できません。必要な場合は新たに申請してください。",
        "The examination ended, so it cannot be corrected: file a new application where you need one.",
    ),
}


def way_to_correct(state: str, progress: str | None) -> Way:
    """The way to correct an application in `state`; `progress` is what review reported last, None for nothing."""
    if state != State.RECEIVED:
        return Way.NOT
    return Way.FREELY if progress in (None, Progress.RECEIVED) else Way.WITH_AGREEMENT


_FIXED = {
    "procedure": Text(
        "手続の種類は訂正できません。この申請を取り下げて、新たに申請してください。",
        "The procedure cannot be corrected: withdraw this application and file a new one.",
    ),
    "status_of_residence": Text(
        "申請する在留資格は訂正できません。この申請を取り下げて、新たに申請してください。",
        "The status of residence cannot be corrected: withdraw this application and file a new one.",
    ),
    "combined_with": Text(
        "同時に行う手続は訂正できません。追加する場合は、その手続を別に申請してください。",
        "What was filed together cannot be corrected: file the other procedure as an application of its own.",
    ),
    "legal_date": Text(
        "受付日は訂正できません。受付の時刻はシステムが記録したものです。",
        "The day of receipt cannot be corrected: the system recorded it.",
    ),
}
FIXED = tuple(_FIXED)


def fixed_problems(fixed: Sequence[str]) -> list[FieldProblem]:
    """The refusal of each thing that can never be corrected, with the way out."""
    return [FieldProblem(f"/{name}", "not-correctable", _FIXED[name]) for name in fixed]


_PERSON = ("name", "birth_date", "nationality")


def forbidden(
    version: FormVersion, filed: Form, after: Form, office: str | None, office_then: str | None
) -> Iterator[FieldProblem]:
    """Refusals of a corrected form that names another person than `filed` does, or an address of another office."""
    if all(version.fact(fact, filed) != version.fact(fact, after) for fact in _PERSON):
        message = Text(
            "氏名、生年月日及び国籍・地域をすべて変更すると別の方の申請になります。"
            "この申請を取り下げて、その方の申請を新たに行ってください。",
            "With another name, date of birth and nationality it would be another person's application: withdraw this "
            "one and file a new one for that person.",
        )
        yield FieldProblem(version.fact_pointer("name"), "another-person", message)
    if office is not None and office_then is not None and office_then != office:
        message = Text(
            "この住居地は別の官署の管轄です。転居した場合は「住居地の変更」で届け出てください。"
            "入力の誤りの場合は、受け付けた官署にご連絡ください。",
            "Another office is in charge of this address. If the applicant moved, record it as a change of address; if "
            "it was a mistake, contact the office that received the application.",
        )
        yield FieldProblem(version.fact_pointer("address"), "office-changes", message)
