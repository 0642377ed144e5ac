"""Errors of requests about addresses to which mail does not arrive."""

from collections.abc import Mapping
from datetime import timedelta

from shared.errors import Conflict, NotFound, Text, TooMany


class AddressArrives(Conflict):
    """Nothing is known against the address."""

    code = "address-arrives"
    title = Text("このメールアドレスには送信できています", "Email to this address is being sent")


class TestedAlready(TooMany):
    """A test mail was sent a moment ago."""

    code = "tested-already"
    title = Text(
        "確認メールは先ほど送信しました。届かない場合は、15分後にもう一度お試しください",
        "A test email was sent a moment ago. If it does not arrive, try again after 15 minutes",
    )

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.headers: Mapping[str, str] = {"Retry-After": str(max(1, round(wait.total_seconds())))}


class LinkExpired(NotFound):
    """The link is unknown, was used, or has expired."""

    code = "link-expired"
    title = Text(
        "このリンクは無効です。確認メールをもう一度送信してください",
        "This link does not work any more. Have a test email sent again",
    )
