"""Problems of officers' accounts, with a stable code each."""

from services.registration.accounts.domain.blocks import BlockFlaw
from services.registration.officers.domain.officer_roles import RolesFlaw
from shared.errors import Conflict, FieldProblem, Invalid, Text


class OfficerKnown(Conflict):
    """One person is one officer: two accounts could take both steps of a decision."""

    code = "officer-known"
    title = Text(
        "このメールアドレスの職員アカウントは既にあります",
        "There is an officer's account with this email address already",
    )


class NoMailAddress(Conflict):
    """The account has no email address, so no link can be sent; or an invitation to oneself could not be recognised."""

    code = "no-mail-address"
    title = Text("メールアドレスが登録されていません", "The account has no email address")


class SecondOfficerNeeded(Conflict):
    """One administrator asked for it, so another one confirms it."""

    code = "second-officer-needed"
    title = Text(
        "既に申請済みです。別の管理者の確認が必要です",
        "You have asked for this already: another administrator confirms it",
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


_BLOCKS = {
    BlockFlaw.NO_NETWORK: Text(
        "203.0.113.0/24 の形でネットワークを入力してください", "Enter a network such as 203.0.113.0/24 or 2001:db8::/32"
    ),
    BlockFlaw.TOO_LARGE: Text(
        "/16（IPv6は/32）より大きなネットワークは遮断できません",
        "A network larger than /16 (IPv6: /32) cannot be blocked",
    ),
    BlockFlaw.OWN: Text(
        "このネットワークには、あなたの接続元が含まれています", "You are connected from this network yourself"
    ),
}


def not_blockable(flaw: BlockFlaw) -> Invalid:
    """The refusal of a network that nobody may block."""
    return Invalid(fields=[FieldProblem("/subject", flaw.value, _BLOCKS[flaw])])


def no_such_subject() -> Invalid:
    """The refusal of a block of an account or a client that does not exist."""
    text = Text("該当するアカウント又は外部システムがありません", "There is no such account or connected system")
    return Invalid(fields=[FieldProblem("/subject", "subject-unknown", text)])


def already_blocked() -> Conflict:
    """The refusal of a block beside one that holds: the end of that one would not."""
    text = Text("既に遮断されています。先に解除してください", "It is blocked already. Lift that block first")
    return Conflict(text, code="already-blocked")


def no_such_office() -> Invalid:
    """The refusal of an office that is not there on that day."""
    text = Text("その官署はありません", "There is no such office")
    return Invalid(fields=[FieldProblem("/office", "office-unknown", text)])
