"""Problems of signing in and of proving who one is, with a stable code each."""

from datetime import timedelta
from math import ceil

from services.registration.authentication.domain.password_rule import Flaw, PasswordRule
from services.registration.authentication.domain.step_up import SensitiveAct
from shared import auth
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


_NOT_FROM_THERE = Text(
    "海外からログインできるのは、海外滞在を届け出た方だけです。VPNをお使いの方は、切ってからお試しください",
    "From abroad, only people who have registered a stay abroad can sign in."
    " If you use a VPN, turn it off and try again",
)


class SignInFailed(Unauthenticated):
    """Unknown id, wrong password, no password yet, closed account: all the same to anyone who tries."""

    code = "sign-in-failed"
    title = Text("認証IDまたはパスワードが正しくありません", "The login ID or the password is incorrect")


class NotFromThere(Forbidden):
    """The identity is known, and its account cannot sign in from the place that the gateway sees."""

    code = "not-from-there"
    title = Text("今の接続元からはログインできません", "You cannot sign in from where you are")

    def __init__(self) -> None:
        super().__init__(_NOT_FROM_THERE)


class ChallengeNotValid(Unauthenticated):
    """Unknown, used, over, or given to another address; or the password was changed since."""

    code = "challenge-not-valid"
    title = Text("最初からログインし直してください", "Start signing in again")


class CodeNotValid(Unauthenticated):
    """Wrong, used already, or too old; disclosed only with the right password or the session."""

    code = "code-not-valid"
    title = Text("コードが正しくないか、使用済みです", "The code is incorrect or has already been used")


class PasskeyNotValid(Unauthenticated):
    """Unknown, removed, for another site, answered too late or twice: all the same to anyone who tries."""

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
    """Without it the account would have no means to sign in."""

    code = "identity-needed"
    title = Text("先にパスワードを設定してください", "Set a password first: this is the only way into your account")


class CredentialNeeded(Conflict):
    """Without this passkey the account would have no means to sign in."""

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


class StepUpRequired(auth.StepUpRequired):
    """The same for one of the sensitive acts of an account, which it names."""

    def __init__(self, act: SensitiveAct) -> None:
        super().__init__(_ACTS[act])


class SecondFactorNeeded(Conflict):
    """Officers may replace their second factor, and not be without one."""

    code = "second-factor-needed"
    title = Text("職員の二要素認証は解除できません", "Officers need two-factor authentication")


class SignInBlocked(Forbidden):
    """An operator keeps the account out for some time; disclosed only with the right password."""

    code = "sign-in-blocked"
    title = Text(
        "このアカウントのログインは、しばらくの間停止されています。お問い合わせください",
        "Sign-in of this account is blocked for some time. Contact us",
    )


class AccountStopped(Forbidden):
    """Disclosed only with the right password."""

    code = "account-suspended"
    title = Text("このアカウントは利用停止中です", "This account is suspended")


class RegistrationLapsed(Forbidden):
    """The password was right, but no registration is valid any more."""

    code = "registration-expired"
    title = Text("利用の有効期限が切れています", "The registration is no longer valid")


class PasswordOver(Forbidden):
    """The password was right, but its time is over; disclosed only with the right password."""

    code = "password-expired"
    title = Text("パスワードの有効期限が切れています", "The password has expired")

    def __init__(self) -> None:
        super().__init__(Text("パスワードを再設定してください", "Reset your password to sign in"))


class PasswordNotRight(Forbidden):
    """The password that confirms a change is not the right one."""

    code = "password-not-right"
    title = Text("現在のパスワードが正しくありません", "The current password is incorrect")


class Slowed(TooMany):
    """Too many attempts; `Retry-After` says how many seconds to wait."""

    def __init__(self, wait: timedelta) -> None:
        seconds = max(1, ceil(wait.total_seconds()))
        super().__init__(
            Text("{seconds}秒後に再度お試しください", "Try again in {seconds} seconds").with_values(seconds=seconds)
        )
        self.wait = wait
        self.headers = {"Retry-After": str(seconds)}


class LinkNotValid(NotFound):
    """Unknown, used, replaced or expired: all the same to anyone who holds it."""

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


def weak_password(rule: PasswordRule, flaws: tuple[Flaw, ...]) -> Invalid:
    """The refusal of a password, with everything that is wrong with it."""
    return Invalid(
        fields=[
            FieldProblem(
                "/password",
                flaw.value,
                _FLAWS[flaw].with_values(shortest=rule.shortest, longest=rule.longest),
            )
            for flaw in flaws
        ]
    )


class TooManyTexts(Conflict):
    """An officer has more unfinished texts than anybody writes at the same time."""

    code = "too-many-texts"
    title = Text(
        "書きかけの文章が多すぎるため、保存できません。送信するか破棄してください",
        "There are too many unfinished texts, so this one is not saved. Send or discard some",
    )
