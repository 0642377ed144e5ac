"""Problems of usage registrations and periodic reports, with a stable code each."""

from datetime import date

from services.registration.usage_registration.domain.usage_registration import Status, StepNotPossible
from shared.errors import Conflict, FieldProblem, Forbidden, Invalid, NotFound, Text, Unauthenticated
from shared.reference.usage_documents import NAMES

_STATUS = {
    Status.SUBMITTED: Text("この利用申出は審査中です", "This usage registration is being examined"),
    Status.RETURNED: Text("この利用申出は差戻し中です", "This usage registration was returned to the applicant"),
    Status.APPROVED: Text("この利用申出は承認済みです", "This usage registration was approved already"),
    Status.REJECTED: Text("この利用申出は不承認となりました", "This usage registration was rejected"),
}


class TicketNotValid(Unauthenticated):
    """Unknown, used, or over."""

    code = "ticket-not-valid"
    title = Text("本人確認からやり直してください", "Confirm your identity again, then register")


class CannotRegister(Forbidden):
    """The identity provider's statement excludes the person from the user class."""

    code = "class-not-open"
    title = Text("この利用者区分では登録できません", "You cannot register in this user class")


class OwnRegistration(Forbidden):
    """An officer cannot decide their own usage registration."""

    code = "own-registration"
    title = Text("自分の利用申出を審査することはできません", "You cannot decide your own usage registration")


class ReportNotOpen(Conflict):
    """The periodic report cannot be submitted yet, or not any more."""

    code = "report-not-open"
    title = Text("定期報告の受付期間ではありません", "The periodic report cannot be submitted at this time")


class ReportKnown(Conflict):
    """Somebody of the organisation has submitted the report of this term already."""

    code = "report-already-submitted"
    title = Text(
        "この機関・区分の定期報告は既に提出されています",
        "The report for this role has already been submitted",
    )


class AlreadyRegistered(Conflict):
    """The person has, or has asked for, this role for this organisation."""

    code = "already-registered"
    title = Text(
        "この機関・区分では既に利用申出をしています", "You have registered for this organisation and role already"
    )


def already_registered() -> Conflict:
    """The refusal of a second registration in a personal user class."""
    return Conflict(
        Text("この利用者区分では既に登録しているか、審査中です", "You have registered in this user class already"),
        code="already-registered",
    )


def step_not_possible(error: StepNotPossible) -> Conflict:
    """The refusal of a step that does not fit the status."""
    return Conflict(_STATUS[error.status], code="step-not-possible")


def account_closed() -> Conflict:
    """The refusal of an approval that would bring nobody in."""
    return Conflict(Text("アカウントは終了しています", "The applicant's account is closed"), code="account-closed")


def missing_documents(codes: list[str]) -> Invalid:
    """The refusal of a usage registration that lacks documents."""
    return Invalid(
        fields=[
            FieldProblem(
                "/documents",
                "document-missing",
                Text(
                    "「{document}」をアップロードするか、書面で提出することを選択してください（コード {code}）",
                    "Upload the document “{document}”, or say that you submit it on paper (code {code})",
                ).with_values(document=NAMES[code], code=code),
            )
            for code in codes
        ]
    )


_PLEDGE = {
    "pledge-list-missing": Text("委託を受けた機関を記入してください", "Name the organisations that commission you"),
    "pledge-list-not-asked": Text(
        "この利用者区分では機関の名簿は不要です", "This user class names no other organisations"
    ),
}


def wrong_pledge(code: str) -> Invalid:
    """The refusal of a list of commissioning organisations that does not fit the user class."""
    return Invalid(fields=[FieldProblem("/pledged_organisations", code, _PLEDGE[code])])


def repeated_organisations(places: tuple[int, ...]) -> list[FieldProblem]:
    """The refusal of organisations that stand in the list of a pledge twice."""
    text = Text("この機関は名簿に重複しています", "This organisation is in the list already")
    return [
        FieldProblem(f"/pledged_organisations/{place}/corporate_number", "organisation-repeated", text)
        for place in places
    ]


_FILES = {
    "file-not-known": Text(
        "このファイルを確認できません。アップロード直後の場合は少し待ってからやり直してください",
        "This file is not known, or is not yours. Just after an upload, wait a moment and try again",
    ),
    "file-rejected": Text(
        "このファイルは使用できませんでした。別のファイルをアップロードしてください",
        "This file could not be used. Upload another one",
    ),
    "file-deleted": Text(
        "このファイルは削除されています。もう一度アップロードしてください", "This file was deleted. Upload it again"
    ),
    "file-of-another-document": Text(
        "このファイルは別の書類としてアップロードされています", "This file was uploaded as another document"
    ),
}


def unusable_file(place: int, code: str) -> FieldProblem:
    """The refusal of a file among the documents."""
    return FieldProblem(f"/documents/{place}/document_id", code, _FILES[code])


class DraftNotFound(NotFound):
    """Not there, over, or not yours: all the same to anyone who asks."""

    code = "draft-not-found"
    title = Text("作成中の利用申出が見つかりません", "This draft was not found")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "リンクの有効期限が切れている場合は、メールアドレスを入力して新しいリンクを請求してください",
                "If your link has expired, ask for a new one with your email address",
            )
        )


class DraftSubmitted(Conflict):
    """It is a usage registration now."""

    code = "draft-submitted"
    title = Text("この利用申出は提出済みです", "This usage registration has already been submitted")


def missing_requirements(names: tuple[str, ...]) -> Invalid:
    """The refusal of an approval without every requirement."""
    text = Text("承認にはこの要件の確認が必要です", "Approval needs this requirement to be confirmed")
    return Invalid(fields=[FieldProblem(f"/requirements/{name}", "requirement-missing", text) for name in names])


def wrong_category_day(last: date | None, today: date) -> Invalid:
    """The refusal of a day on which a category cannot begin."""
    text = Text("{today}までの日を指定してください", "Give a day up to {today}").with_values(today=today)
    if last is not None:
        text = Text(
            "{since}から{today}までの日を指定してください", "Give a day from {since} up to {today}"
        ).with_values(since=last, today=today)
    return Invalid(fields=[FieldProblem("/valid_from", "category-day", text)])
