"""Problems of accounts and memberships, with a stable code each."""

from datetime import date

from services.registration.accounts.domain.standing import AccountState
from shared.errors import Conflict, FieldProblem, Forbidden, Invalid, Text

_ACCOUNT = {
    AccountState.REGISTERED: Text("アカウントは未開始です", "The account is not in use yet"),
    AccountState.ACTIVE: Text("アカウントは利用中です", "The account is in use"),
    AccountState.SUSPENDED: Text("アカウントは利用停止中です", "The account is stopped"),
    AccountState.CLOSED: Text("アカウントは終了しています", "The account is closed"),
}


class OwnAccount(Forbidden):
    """An officer cannot invite themself, nor change the roles, the office, the address or the state of their own
    account, nor give another officer their own mailbox."""

    code = "own-account"
    title = Text("自分のアカウントは変更できません", "You cannot do this to your own account")


def day_out_of_range(earliest: date, latest: date) -> Invalid:
    """The refusal of a last day abroad that is past or too far ahead."""
    text = Text("{earliest}から{latest}までの日を入力してください", "Enter a day from {earliest} to {latest}")
    text = text.with_values(earliest=earliest.isoformat(), latest=latest.isoformat())
    return Invalid(fields=[FieldProblem("/until", "day-out-of-range", text)])


def account_step_not_possible(state: str) -> Conflict:
    """The refusal of a step that does not fit the state of an account."""
    stands = _ACCOUNT[AccountState(state)]
    return Conflict(
        Text("この操作はできません。{stands}。", "This is not possible. {stands}.").with_values(stands=stands),
        code="step-not-possible",
    )
