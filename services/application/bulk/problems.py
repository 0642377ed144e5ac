"""Errors that callers of imports receive, and problems of rows."""

from collections.abc import Mapping

from shared.errors import Conflict, FieldProblem, Text, TooMany


class TooManyImports(TooMany):
    """An owner has as many imports in progress, or kept, as one may have."""

    code = "too-many-imports"
    headers: Mapping[str, str] = {"Retry-After": "30"}
    title = Text("一括申請の件数が上限に達しています", "There are as many imports as one may have")


def too_many_in_progress(most: int) -> TooManyImports:
    """The refusal of a further file while others are worked on."""
    return TooManyImports(
        Text(
            "処理中の一括申請は{most}件までです。終わってから送信してください。",
            "At most {most} imports are worked on at the same time. Send this one when another is done.",
        ).with_values(most=most)
    )


def too_many_kept(most: int) -> TooManyImports:
    """The refusal of a further file while so many are kept."""
    return TooManyImports(
        Text(
            "保存できる一括申請は{most}件までです。不要なものを削除してから送信してください。",
            "At most {most} imports are kept. Delete one that you do not need, then send this one.",
        ).with_values(most=most)
    )


def in_progress() -> Conflict:
    """The refusal of an action while the import is worked on."""
    return Conflict(
        Text("処理中です。終わってからもう一度お試しください。", "It is being worked on: try again when that is done."),
        code="import-in-progress",
    )


def nothing_to_file() -> Conflict:
    """The refusal of filing where no row is left to file."""
    return Conflict(
        Text("申請できる行がありません。", "There is no row left that can be filed."), code="nothing-to-file"
    )


def nothing_to_renew() -> Conflict:
    """The refusal of an import of renewals where nobody is left whose stay can be renewed."""
    return Conflict(
        Text(
            "更新を始められる方がいません。更新中の方は、下書き又は申請の画面をご覧ください。",
            "There is nobody whose renewal can be started. Renewals that are under way are on their own pages.",
        ),
        code="nothing-to-renew",
    )


def nothing_filed() -> Conflict:
    """The refusal of a list of receipts where no row is filed."""
    return Conflict(
        Text("申請済みの行がありません。申請してからもう一度お試しください。", "No row is filed yet: file first."),
        code="nothing-filed",
    )


def only_checked() -> Conflict:
    """The refusal of filing an import that was sent to be checked only."""
    return Conflict(
        Text(
            "確認のみの一括申請です。申請するには、確認のみを選ばずにファイルを送信してください。",
            "This file was sent to be checked only. To file it, send it again without dry_run.",
        ),
        code="only-checked",
    )


def refused_file() -> Conflict:
    """The refusal of working on a file that could not be read."""
    return Conflict(
        Text(
            "読み取れないファイルです。直して送信し直してください。", "The file could not be read: send it corrected."
        ),
        code="import-refused",
    )


def not_begun(problem: Text) -> FieldProblem:
    """A row for which no draft can be begun at all."""
    return FieldProblem("", "not-begun", problem)


def form_unknown() -> FieldProblem:
    """A row of which it is not known what is applied for."""
    message = Text(
        "どの申請か分かりません。手続と在留資格を確認してください。",
        "What this row applies for is not known: check procedure and status of residence.",
    )
    return FieldProblem("", "form-unknown", message)


def no_earlier_application() -> FieldProblem:
    """A row that takes over from an application that is not there."""
    message = Text(
        "「前回と同じ」とされていますが、この方の前回の申請が見つかりません。在留カード番号又はキーを確認するか、"
        "すべての項目を入力してください。",
        "The row says `same as last time`, but no earlier application of this person is found: check the residence card"
        " number or the key, or fill in every cell.",
    )
    return FieldProblem("/same_as_last", "no-earlier-application", message)


def repeated(sheet: str, number: int) -> FieldProblem:
    """A row for the same application as another row of the same file."""
    message = Text(
        "同じ方の同じ申請が「{sheet}」の{number}行目にもあります。一方を削除するか、キーを付けてください。",
        "Row {number} of {sheet} is the same application of the same person: delete one of them, or give them keys.",
    ).with_values(number=number, sheet=sheet)
    return FieldProblem("", "row-repeated", message)


def draft_deleted() -> FieldProblem:
    """A row whose draft somebody deleted."""
    message = Text(
        "この行の下書きは削除されています。申請するには、ファイルを送信し直してください。",
        "The draft of this row was deleted. To file it, send the file again.",
    )
    return FieldProblem("", "draft-deleted", message)


def failed() -> FieldProblem:
    """A row at which our own code failed."""
    message = Text(
        "システムの問題でこの行を処理できませんでした。画面から入力するか、お問い合わせください。",
        "This row could not be worked on because of a defect of ours: enter it on the pages, or contact us.",
    )
    return FieldProblem("", "row-failed", message)
