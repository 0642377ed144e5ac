"""Sample contents of every mail, for previews and tests: made of the examples of the events' fields."""

from datetime import date
from typing import Any

from services.notification.channels.mail.content.facts import Content, Facts
from services.notification.messages.catalogue import MailKind

# What a sealed field of a template opens to in a sample, by the field it fills.
_LINK = "https://zairyu.example.jp/password/sample-link"
SAMPLE_NAME = "鈴木一郎"
_OPENED = {
    "sealed_link": _LINK,
    "sealed_login_id": "AB12345678",
    "sealed_reason": "所属機関の要件を確認できませんでした / The organisation could not be confirmed",
    "sealed_text": "最新の年度のものを提出してください / Please send the latest one",
    "sealed_name": "人事システム連携 / Payroll",
    "sealed_instructions": "旅券をお持ちください / Please bring the passport",
}


def sample(kind: MailKind, today: date) -> Content:
    """The content of a mail about the example of its event."""
    return kind.write(_Opening(kind.event.example()), Facts(_plain, today, procedure="EXTEND", office="TYO"))


class _Opening:
    """An event whose sealed fields say which they are, so that `_plain` knows what they open to."""

    def __init__(self, event: Any) -> None:
        self._event = event

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._event, name)
        if name in _OPENED and value is not None:
            return name
        if name == "items":
            return tuple(_Opening(item) for item in value)
        return value


def _plain(sealed: str) -> str:
    return _OPENED[sealed]
