"""Errors of requests about messages."""

from shared.errors import Conflict, Text


class ContentErased(Conflict):
    """The content was erased after its time."""

    code = "content-erased"
    title = Text("内容が保存期間を過ぎて消去されたため再送できません", "The content was erased after its time")


class StillOpen(Conflict):
    """The message is still being delivered."""

    code = "still-open"
    title = Text("送信処理中です", "It is still being delivered")


class NoAddress(Conflict):
    """The account has no mail address, or is closed."""

    code = "no-address"
    title = Text(
        "送信先のメールアドレスがないため送信できません", "The account has no email address to which it could be sent"
    )
