"""What registration refuses, as types with a stable code."""

from datetime import date, timedelta
from math import ceil

from services.registration.authentication.domain.password_rule import Flaw, PasswordRule
from services.registration.authentication.domain.step_up import SensitiveAct
from services.registration.officers.domain.officer_roles import RolesFlaw
from services.registration.usage_registration.domain.usage_registration import Status, StepNotPossible
from shared.errors import (
    Conflict,
    FieldProblem,
    Forbidden,
    Invalid,
    NotFound,
    Text,
    TooMany,
    Unauthenticated,
    Unavailable,
)

_FLAWS = {
    Flaw.TOO_SHORT: Text("{shortest}文字以上にしてください", "Use at least {shortest} characters"),
    Flaw.TOO_LONG: Text("{longest}文字以内にしてください", "Use at most {longest} characters"),
    Flaw.COMMON: Text(
        "推測されやすいパスワードです。関係のない言葉をいくつか並べるなど、別のものにしてください",
        "This is easy to guess. Choose another, for example several unrelated words",
    ),
    Flaw.CONTAINS_LOGIN_ID: Text("認証IDを含めることはできません", "It may not contain your login ID"),
}
_STATUS = {
    Status.SUBMITTED: Text("この利用申出は審査中です", "This usage registration is being examined"),
    Status.RETURNED: Text("この利用申出は差戻し中です", "This usage registration was returned to the applicant"),
    Status.APPROVED: Text("この利用申出は承認済みです", "This usage registration was approved already"),
    Status.REJECTED: Text("この利用申出は不承認となりました", "This usage registration was rejected"),
}

_ACTS = {
    SensitiveAct.CHANGE_PASSWORD: Text("パスワードの変更", "Changing the password"),
    SensitiveAct.CHANGE_EMAIL: Text("メールアドレスの変更", "Changing the email address"),
    SensitiveAct.ADD_SECOND_FACTOR: Text("二要素認証の設定", "Setting up two-factor authentication"),
    SensitiveAct.REMOVE_SECOND_FACTOR: Text("二要素認証の解除", "Removing two-factor authentication"),
    SensitiveAct.RENEW_RECOVERY_CODES: Text("リカバリーコードの再発行", "Renewing the recovery codes"),
    SensitiveAct.STOP_ACCOUNT: Text("アカウントの停止・再開・終了", "Stopping, restoring or ending an account"),
    SensitiveAct.ADMINISTER_OFFICERS: Text("職員アカウントの管理", "Administering officers' accounts"),
    SensitiveAct.LET_SYSTEM_IN: Text("外部システムの登録・変更", "Registering a connected system"),
    SensitiveAct.LET_SYSTEM_ACT: Text("外部システムへの許可", "Allowing a connected system to act for you"),
    SensitiveAct.LINK_IDENTITY: Text("本人確認サービスとの連携", "Linking an identity"),
    SensitiveAct.UNLINK_IDENTITY: Text("本人確認サービスとの連携の解除", "Unlinking an identity"),
}


class LinkNotValid(NotFound):
    """Unknown, used, replaced or expired: all the same to whoever holds it."""

    code = "link-not-valid"
    title = Text("このリンクは使用できません", "This link cannot be used")

    def __init__(self, detail: Text | None = None) -> None:
        super().__init__(
            detail
            or Text(
                "使用済みか、有効期限が切れています。ログイン画面から新しいリンクを請求してください",
                "It was used already or has expired. Ask for a new one on the sign-in page",
            )
        )


class SignInFailed(Unauthenticated):
    """Unknown id, wrong password, no password yet, closed account: all the same to whoever tries."""

    code = "sign-in-failed"
    title = Text("認証IDまたはパスワードが正しくありません", "The login ID or the password is incorrect")


class ChallengeNotValid(Unauthenticated):
    """Unknown, used, over, or given to another address; or the password was changed since."""

    code = "challenge-not-valid"
    title = Text("最初からログインし直してください", "Start signing in again")


class CodeNotValid(Unauthenticated):
    """Wrong, used already, or too old; told only to who has shown the password or holds the session."""

    code = "code-not-valid"
    title = Text("コードが正しくないか、使用済みです", "The code is incorrect or has already been used")


class PasskeyNotValid(Unauthenticated):
    """Unknown, removed, for another site, answered too late or twice: all the same to whoever tries."""

    code = "passkey-not-valid"
    title = Text("このパスキーは使用できません", "This passkey cannot be used")


class IdentityNotOffered(NotFound):
    """The site has no identity provider."""

    code = "identity-not-offered"
    title = Text("本人確認サービスによるログインは利用できません", "You cannot sign in with an identity provider here")


class IdentityProviderDown(Unavailable):
    """The identity provider does not answer, or not as it should."""

    code = "identity-provider-unavailable"
    title = Text(
        "本人確認サービスに接続できません。しばらくしてからお試しください",
        "The identity provider cannot be reached. Try again later",
    )


class IdentityNotProved(Unauthenticated):
    """Unknown, used or over, from another browser, or not what the provider was asked: all the same to who tries."""

    code = "identity-not-proved"
    title = Text(
        "本人確認ができませんでした。最初からやり直してください", "Your identity was not confirmed. Start again"
    )


class IdentityCancelled(Unauthenticated):
    """The person broke off at the provider, or the provider refused them."""

    code = "identity-cancelled"
    title = Text("本人確認が中止されました", "The identity check was cancelled")


class IdentityTaken(Conflict):
    """One identity belongs to one account."""

    code = "identity-linked-elsewhere"
    title = Text(
        "この本人確認情報は別のアカウントで使用されています", "This identity belongs to another account already"
    )


class IdentityNeeded(Conflict):
    """Without it the account would have no way in."""

    code = "identity-needed"
    title = Text("先にパスワードを設定してください", "Set a password first: this is the only way into your account")


class WayInNeeded(Conflict):
    """Without this passkey the account would have no way in."""

    code = "way-in-needed"
    title = Text(
        "先にパスワードを設定するか、別のパスキーを追加してください",
        "Set a password or add another passkey first: this is the only way into your account",
    )


class IdentityOther(Unauthenticated):
    """The identity that was proved is not that of the account's owner."""

    code = "identity-other"
    title = Text(
        "このアカウントに登録された方の本人確認ではありません", "You proved another identity than that of this account"
    )


class TicketNotValid(Unauthenticated):
    """Unknown, used, or over."""

    code = "ticket-not-valid"
    title = Text("本人確認からやり直してください", "Confirm your identity again, then register")


class CannotRegister(Forbidden):
    """What the identity provider said of the person excludes them from the user class."""

    code = "class-not-open"
    title = Text("この利用者区分では登録できません", "You cannot register in this user class")


class StepUpRequired(Forbidden):
    """The session is fine, but its owner has to prove again who they are: `POST /v1/sessions/step-up`."""

    code = "step-up-required"
    title = Text("この操作の前に本人確認が必要です", "Confirm your identity before doing this")

    def __init__(self, act: SensitiveAct) -> None:
        super().__init__(_ACTS[act])


class SecondFactorNeeded(Conflict):
    """Officers may replace their second factor, and not be without one."""

    code = "second-factor-needed"
    title = Text("職員の二要素認証は解除できません", "Officers need two-factor authentication")


class AccountStopped(Forbidden):
    """Told only to whoever knew the password."""

    code = "account-suspended"
    title = Text("このアカウントは利用停止中です", "This account is suspended")


class RegistrationLapsed(Forbidden):
    """The password was right, but no registration is valid any more."""

    code = "registration-expired"
    title = Text("利用の有効期限が切れています", "The registration is no longer valid")


class UnknownClient(NotFound):
    """Never was, was revoked, has expired, or acts under a registration that is over: all the same to who is asked."""

    code = "client-not-known"
    title = Text("この外部システムは現在利用できません", "This connected system cannot be used at present")


class OwnRegistration(Forbidden):
    """An officer cannot decide their own usage registration."""

    code = "own-registration"
    title = Text("自分の利用申出を審査することはできません", "You cannot decide your own usage registration")


class OwnAccount(Forbidden):
    """An officer cannot invite themself, nor change the roles, the office, the address or the state of their own
    account, nor give another officer their own mailbox."""

    code = "own-account"
    title = Text("自分のアカウントは変更できません", "You cannot do this to your own account")


class OfficerKnown(Conflict):
    """One person is one officer: two accounts could take both steps of a decision."""

    code = "officer-known"
    title = Text(
        "このメールアドレスの職員アカウントは既にあります",
        "There is an officer's account with this email address already",
    )


class NoMailAddress(Conflict):
    """The account has no email address, so no link can be sent; or nobody could tell who invites themself."""

    code = "no-mail-address"
    title = Text("メールアドレスが登録されていません", "The account has no email address")


class PasswordOver(Forbidden):
    """The password was right, but its time is over; told only to whoever knew it."""

    code = "password-expired"
    title = Text("パスワードの有効期限が切れています", "The password has expired")

    def __init__(self) -> None:
        super().__init__(Text("パスワードを再設定してください", "Reset your password to sign in"))


class PasswordNotRight(Forbidden):
    """The password that confirms a change is not the right one."""

    code = "password-not-right"
    title = Text("現在のパスワードが正しくありません", "The current password is incorrect")


class ReportNotOpen(Conflict):
    """The periodic report cannot be handed in yet, or not any more."""

    code = "report-not-open"
    title = Text("定期報告の受付期間ではありません", "The periodic report cannot be submitted at this time")


class ReportKnown(Conflict):
    """Somebody of the organisation has handed in the report of this term already."""

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


class Slowed(TooMany):
    """Too many attempts; `Retry-After` says how many seconds to wait."""

    def __init__(self, wait: timedelta) -> None:
        seconds = max(1, ceil(wait.total_seconds()))
        super().__init__(Text(f"{seconds}秒後に再度お試しください", f"Try again in {seconds} seconds"))
        self.wait = wait
        self.headers = {"Retry-After": str(seconds)}


def step_not_possible(error: StepNotPossible) -> Conflict:
    """The refusal of a step that does not fit the status."""
    return Conflict(_STATUS[error.status], code="step-not-possible")


def account_step_not_possible(state: str) -> Conflict:
    """The refusal of a step that does not fit the state of an account."""
    return Conflict(
        Text(f"アカウントの状態({state})ではできません", f"Not possible: the account is {state}"),
        code="step-not-possible",
    )


_ROLES = {
    RolesFlaw.NONE: Text("職員の権限を指定してください", "Give at least one role, and only officers' roles"),
    RolesFlaw.EXCLUDED: Text(
        "監査の権限は他の権限と兼ねられません", "These roles do not go together: an auditor holds no other role"
    ),
    RolesFlaw.ADDRESS: Text(
        "管理者にはメールアドレスが必要です", "An administrator needs an email address, which shows who they are"
    ),
}


def wrong_roles(flaw: RolesFlaw) -> Invalid:
    """The refusal of roles that an officer cannot hold."""
    return Invalid(fields=[FieldProblem("/roles", flaw.value, _ROLES[flaw])])


def no_such_office() -> Invalid:
    """The refusal of an office that is not there on that day."""
    text = Text("その官署はありません", "There is no such office")
    return Invalid(fields=[FieldProblem("/office", "office-unknown", text)])


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
    since = "" if last is None else last.isoformat()
    text = Text(
        f"{since}から{today.isoformat()}までの日を指定してください",
        f"Give a day {f'from {since} ' if since else ''}up to {today.isoformat()}",
    )
    return Invalid(fields=[FieldProblem("/valid_from", "category-day", text)])
