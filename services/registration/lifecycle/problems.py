"""Problems of accounts and memberships, with a stable code each."""

from shared.errors import Conflict, Forbidden, Text


class OwnAccount(Forbidden):
    """An officer cannot invite themself, nor change the roles, the office, the address or the state of their own
    account, nor give another officer their own mailbox."""

    code = "own-account"
    title = Text("自分のアカウントは変更できません", "You cannot do this to your own account")


def account_step_not_possible(state: str) -> Conflict:
    """The refusal of a step that does not fit the state of an account."""
    return Conflict(
        Text("アカウントの状態({state})ではできません", "Not possible: the account is {state}").with_values(
            state=state
        ),
        code="step-not-possible",
    )
