"""Questions of the guide and their choices, and words that several of them share."""

from dataclasses import dataclass

from shared.errors import Text


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice: what it names, and where it leads: to the question `to`, to the way out `stop`, else to the end.

    `only` names the procedures for which it is a choice at all; `why` is its part of the reason.
    """

    code: str
    text: Text
    to: str = ""
    hint: Text | None = None
    procedure: str = ""
    status: str = ""
    activity: str = ""
    why: Text | None = None
    stop: Text | None = None
    only: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """A question. One that is `about_activity` is asked only where the status has several activities."""

    code: str
    text: Text
    choices: tuple[Choice, ...]
    about_activity: bool = False


def at_counter(reason: Text) -> Text:
    """A way out that ends at the counter, with the place to ask about it."""
    return Text(
        "{reason}窓口での手続については、外国人在留総合インフォメーションセンターにお問い合わせください。",
        "{reason} For procedures at the counter ask the Immigration Information Center.",
    ).with_values(reason=reason)


ENDED = at_counter(
    Text(
        "満了日を過ぎているため、オンラインでは申請できません。直ちに住居地を担当する地方出入国在留管理局の窓口に相談してください。",
        "The stay has ended, so it cannot be filed online: go to the counter of the regional immigration "
        "office at once.",
    ),
)
