"""What registration refuses, as types with a stable code."""

from datetime import timedelta
from math import ceil

from services.registration.domain.password_rule import Flaw, PasswordRule
from services.registration.domain.step_up import SensitiveAct
from services.registration.domain.usage_registration import Status, StepNotPossible
from shared.errors import Conflict, FieldProblem, Forbidden, Invalid, NotFound, Text, TooMany, Unauthenticated

_FLAWS = {
    Flaw.TOO_SHORT: Text("{shortest}文字以上にしてください", "Use at least {shortest} characters"),
    Flaw.TOO_LONG: Text("{longest}文字以内にしてください", "Use at most {longest} characters"),
    Flaw.COMMON: Text(
        "推測されやすいパスワードです。関係のない言葉をいくつか並べるなど、別のものにしてください",
        "This is easy to guess. Choose another, for example several unrelated words",
    ),
    Flaw.CONTAINS_LOGIN_ID: Text("認証IDを含めることはできません", "It may not contain the login id"),
}
_STATUS = {
    Status.SUBMITTED: Text("この利用申出は審査中です", "This usage registration is being examined"),
    Status.RETURNED: Text("この利用申出は差戻し中です", "This usage registration was returned to the applicant"),
    Status.APPROVED: Text("この利用申出は承認済みです", "This usage registration was approved already"),
    Status.REJECTED: Text("この利用申出は不承認となりました", "This usage registration was rejected"),
}

_ACTS = {
    SensitiveAct.CHANGE_PASSWORD: Text("パスワードの変更", "Changing the password"),
    SensitiveAct.ADD_SECOND_FACTOR: Text("二要素認証の設定", "Setting up a second factor"),
    SensitiveAct.REMOVE_SECOND_FACTOR: Text("二要素認証の解除", "Removing the second factor"),
    SensitiveAct.RENEW_RECOVERY_CODES: Text("リカバリーコードの再発行", "Renewing the recovery codes"),
}


class LinkNotValid(NotFound):
    """Unknown, used, replaced or expired: all the same to whoever holds it."""

    code = "link-not-valid"
    title = Text("このリンクは使用できません", "This link cannot be used")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "使用済みか、有効期限が切れています。ログイン画面から新しいリンクを請求してください",
                "It was used already or has expired. Ask for a new one on the sign-in page",
            )
        )


class SignInFailed(Unauthenticated):
    """Unknown id, wrong password, no password yet, closed account: all the same to whoever tries."""

    code = "sign-in-failed"
    title = Text("認証IDまたはパスワードが正しくありません", "The login id or the password is not right")


class SessionEnded(Unauthenticated):
    """The session is over, or never was."""

    code = "session-ended"
    title = Text("サインインし直してください", "Sign in again")


class ChallengeNotValid(Unauthenticated):
    """Unknown, used, over, or given to another address; or the password was changed since."""

    code = "challenge-not-valid"
    title = Text("最初からサインインし直してください", "Begin to sign in again")


class CodeNotValid(Unauthenticated):
    """Wrong, used already, or too old; told only to who has shown the password or holds the session."""

    code = "code-not-valid"
    title = Text("コードが正しくないか、使用済みです", "The code is not right, or was used already")


class PasskeyNotValid(Unauthenticated):
    """Unknown, removed, for another site, answered too late or twice: all the same to whoever tries."""

    code = "passkey-not-valid"
    title = Text("このパスキーは使用できません", "This passkey cannot be used")


class StepUpRequired(Forbidden):
    """The session is fine, but its owner has to prove again who they are: `POST /v1/sessions/step-up`."""

    code = "step-up-required"
    title = Text("この操作の前に本人確認が必要です", "Prove again who you are before doing this")

    def __init__(self, act: SensitiveAct) -> None:
        super().__init__(_ACTS[act])


class SecondFactorNeeded(Conflict):
    """Officers may replace their second factor, and not be without one."""

    code = "second-factor-needed"
    title = Text("職員の二要素認証は解除できません", "Officers cannot be without a second factor")


class AccountStopped(Forbidden):
    """Told only to whoever knew the password."""

    code = "account-suspended"
    title = Text("このアカウントは利用停止中です", "This account is suspended")


class RegistrationLapsed(Forbidden):
    """The password was right, but no registration is valid any more."""

    code = "registration-expired"
    title = Text("利用申出の有効期間が終了しています", "The registration is no longer valid")


class OwnRegistration(Forbidden):
    """An officer cannot decide their own usage registration."""

    code = "own-registration"
    title = Text("自分の利用申出を審査することはできません", "You cannot decide your own usage registration")


class OwnAccount(Forbidden):
    """An officer cannot stop, restore or end their own account."""

    code = "own-account"
    title = Text("自分のアカウントは変更できません", "You cannot do this to your own account")


class PasswordOver(Forbidden):
    """The password was right, but its time is over; told only to whoever knew it."""

    code = "password-expired"
    title = Text("パスワードの有効期限が切れています", "The password has expired")

    def __init__(self) -> None:
        super().__init__(Text("パスワードを再設定してください", "Reset your password to sign in"))


class PasswordNotRight(Forbidden):
    """The password that confirms a change is not the right one."""

    code = "password-not-right"
    title = Text("現在のパスワードが正しくありません", "The present password is not right")


class ReportNotOpen(Conflict):
    """The periodic report cannot be handed in yet, or not any more."""

    code = "report-not-open"
    title = Text("定期報告の受付期間ではありません", "The periodic report cannot be handed in at this time")


class ReportKnown(Conflict):
    """Somebody of the organisation has handed in the report of this term already."""

    code = "report-already-submitted"
    title = Text(
        "この機関・区分の定期報告は既に提出されています",
        "The report for this role was handed in already",
    )


class AlreadyRegistered(Conflict):
    """The person has, or has asked for, this role for this organisation."""

    code = "already-registered"
    title = Text(
        "この機関・区分では既に利用申出をしています", "You have registered for this organisation and role already"
    )


class Slowed(TooMany):
    """Too many attempts; `Retry-After` says how many seconds to wait."""

    def __init__(self, wait: timedelta) -> None:
        seconds = max(1, ceil(wait.total_seconds()))
        super().__init__(Text(f"{seconds}秒後に再度お試しください", f"Try again in {seconds} seconds"))
        self.headers = {"Retry-After": str(seconds)}


def step_not_possible(error: StepNotPossible) -> Conflict:
    """The refusal of a step that does not fit the status."""
    return Conflict(_STATUS[error.status], code="step-not-possible")


def account_closed() -> Conflict:
    """The refusal of an approval that would bring nobody in."""
    return Conflict(Text("アカウントは終了しています", "The applicant's account is closed"), code="account-closed")


def weak_password(rule: PasswordRule, flaws: tuple[Flaw, ...]) -> Invalid:
    """The refusal of a password, with everything that is wrong with it."""
    lengths = {"shortest": rule.shortest, "longest": rule.longest}
    return Invalid(
        fields=[
            FieldProblem("/password", flaw.value, Text(text.ja.format(**lengths), text.en.format(**lengths)))
            for flaw, text in ((flaw, _FLAWS[flaw]) for flaw in flaws)
        ]
    )


def missing_documents(codes: list[str]) -> Invalid:
    """The refusal of a usage registration that lacks documents."""
    return Invalid(
        fields=[
            FieldProblem("/documents", "document-missing", Text(f"{code} を添付してください", f"Add {code}"))
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
    """Not there, over, or not yours: all the same to whoever asks."""

    code = "draft-not-found"
    title = Text("作成中の利用申出が見つかりません", "This draft was not found")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "リンクの有効期限が切れている場合は、メールアドレスを入力して新しいリンクを請求してください",
                "If your link has expired, ask for a new one with your mail address",
            )
        )


class DraftSubmitted(Conflict):
    """It is a usage registration now."""

    code = "draft-submitted"
    title = Text("この利用申出は提出済みです", "This usage registration was handed in already")


def missing_requirements(names: tuple[str, ...]) -> Invalid:
    """The refusal of an approval without every requirement."""
    text = Text("承認にはこの要件の確認が必要です", "Approval needs this requirement to be confirmed")
    return Invalid(fields=[FieldProblem(f"/requirements/{name}", "requirement-missing", text) for name in names])
