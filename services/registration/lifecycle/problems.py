"""Problems of accounts and memberships, with a stable code each."""

from services.registration.authentication.domain.password_rule import Flaw, PasswordRule
from shared.errors import Conflict, FieldProblem, Forbidden, Invalid, NotFound, Text

_FLAWS = {
    Flaw.TOO_SHORT: Text("{shortest}文字以上にしてください", "Use at least {shortest} characters"),
    Flaw.TOO_LONG: Text("{longest}文字以内にしてください", "Use at most {longest} characters"),
    Flaw.COMMON: Text(
        "推測されやすいパスワードです。関係のない言葉をいくつか並べるなど、別のものにしてください",
        "This is easy to guess. Choose another, for example several unrelated words",
    ),
    Flaw.CONTAINS_LOGIN_ID: Text("認証IDを含めることはできません", "It may not contain your login ID"),
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


class OwnAccount(Forbidden):
    """An officer cannot invite themself, nor change the roles, the office, the address or the state of their own
    account, nor give another officer their own mailbox."""

    code = "own-account"
    title = Text("自分のアカウントは変更できません", "You cannot do this to your own account")


def account_step_not_possible(state: str) -> Conflict:
    """The refusal of a step that does not fit the state of an account."""
    return Conflict(
        Text(f"アカウントの状態({state})ではできません", f"Not possible: the account is {state}"),
        code="step-not-possible",
    )


def weak_password(rule: PasswordRule, flaws: tuple[Flaw, ...]) -> Invalid:
    """The refusal of a password, with everything that is wrong with it."""
    lengths = {"shortest": rule.shortest, "longest": rule.longest}
    return Invalid(
        fields=[
            FieldProblem("/password", flaw.value, Text(text.ja.format(**lengths), text.en.format(**lengths)))
            for flaw, text in ((flaw, _FLAWS[flaw]) for flaw in flaws)
        ]
    )
