"""Errors that callers of filing receive."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.application.filing.domain.changes import Collision
from services.application.forms.catalogue import offered_forms
from shared.errors import Conflict, FieldProblem, Forbidden, Invalid, Text

Person = Callable[[UUID], dict[str, Any]]


class DraftChanged(Conflict):
    """Somebody else changed the same values of a draft since the caller read it; nothing was saved.

    `conflicts` has, for each of them, both values and who changed it. The same change with the ETag of this answer
    takes the caller's values.
    """

    code = "draft-changed"
    title = Text("他の人が同じ項目を変更しました", "Somebody changed the same answers since you read them")

    def __init__(self, revision: int, collided: Sequence[Collision], person: Person) -> None:
        message = Text(
            "保存された値とあなたの値を比べて、どちらにするか選んでください",
            "Compare the saved value with yours, and choose one",
        )
        detail = Text("何も保存されていません。両方の値を確認してください。", "Nothing was saved. Compare both values.")
        super().__init__(detail, [FieldProblem(collision.pointer, "changed", message) for collision in collided])
        self.headers = {"ETag": f'"{revision}"'}
        self.members = {
            "revision": revision,
            "conflicts": [
                {
                    "pointer": collision.pointer,
                    "yours": collision.yours,
                    "theirs": collision.theirs,
                    "changed_by": person(collision.change.account_id),
                    "changed_at": collision.change.at.isoformat(),
                }
                for collision in collided
            ],
        }


def already_filed(receipt_number: str | None) -> Conflict:
    """The refusal of a change of what is filed."""
    return Conflict(
        Text(
            "申請済みです（受付番号 {receipt_number}）。変更できません。",
            "It is already filed (receipt number {receipt_number}) and cannot be changed.",
        ).with_values(receipt_number=receipt_number),
        code="already-filed",
    )


def filed_before(receipt_number: str | None) -> Conflict:
    """The refusal of filing what is filed."""
    return Conflict(
        Text(
            "この申請は受付済みです（受付番号 {receipt_number}）。",
            "This application is already filed (receipt number {receipt_number}).",
        ).with_values(receipt_number=receipt_number),
        code="already-filed",
    )


def outdated_declarations() -> Conflict:
    """The refusal of declarations whose wording has changed since the filer read it."""
    return Conflict(
        Text(
            "申請時の確認事項の文言が変わりました。読み直して、もう一度確認してください。",
            "The declarations have a new wording. Read them again, and declare them again.",
        ),
        code="declarations-changed",
    )


def role_may_not_file() -> Forbidden:
    """The refusal of a procedure that the user class never files."""
    return Forbidden(
        Text("この利用者区分では、この手続を申請できません。", "Your user class may not file this procedure."),
        code="role-may-not-file",
    )


def not_offered(today: date) -> Invalid:
    """There is no form for the procedure and status asked for; what is offered today is named."""
    statuses: dict[str, dict[str, None]] = {}
    for form in offered_forms(today):
        statuses.setdefault(form.procedure, {}).update(dict.fromkeys(form.statuses))
    offered = ", ".join(f"{procedure} ({'/'.join(codes)})" for procedure, codes in statuses.items())
    return Invalid(
        Text(
            "この手続・在留資格はオンラインで申請できません。利用できるもの: {offered}",
            "This procedure and status cannot be filed here. Offered: {offered}",
        ).with_values(offered=offered),
        code="not-offered",
    )


def not_the_present_form(version: str) -> Invalid:
    """The refusal of a form version that is not the one of today; names that one."""
    message = Text("今日から使う様式は {version} です", "The form of today is {version}").with_values(version=version)
    return Invalid(fields=[FieldProblem("/form_version", "not-offered", message)], code="not-offered")


def nothing_follows() -> Conflict:
    """The refusal of another person in charge of what is over."""
    return Conflict(
        Text(
            "手続が終了しているため、担当者は変更できません。",
            "The procedure is over: nobody is in charge any more.",
        ),
        code="cannot-be-handed-over",
    )


def already_in_charge() -> Conflict:
    """The refusal of the person who is in charge as the new one."""
    return Conflict(
        Text("この人は既に担当者です。", "This person is in charge of it already."),
        code="already-in-charge",
    )


def not_a_colleague() -> FieldProblem:
    """The refusal of a new person in charge, whatever the reason: an unknown account looks like somebody else's."""
    message = Text(
        "同じ機関で、この申請と同じ利用者区分で利用できる担当者を選択してください",
        "Choose somebody of your organisation who may act in the user class of this application",
    )
    return FieldProblem("/account_id", "not-a-colleague", message)
