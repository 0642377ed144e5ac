"""Sample content of every message, for previews and tests: made of the examples of the events."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel

from services.notification.channels.mail.content.facts import Content, Facts
from services.notification.messages.catalogue import MessageKind

M = TypeVar("M", bound=BaseModel)
# The text of each sealed field in a sample, by the field's name.
_LINK = "https://zairyu.example.jp/password/sample-link"
SAMPLE_NAME = "鈴木一郎"
_OPENED = {
    "sealed_link": _LINK,
    "sealed_login_id": "AB12345678",
    "sealed_reason": "所属機関の要件を確認できませんでした / The organisation could not be confirmed",
    "sealed_text": "最新の年度のものを提出してください / Please send the latest one",
    "sealed_name": "人事システム連携 / Payroll",
    "sealed_place": "本局3階 審査第一部門 / 3rd floor, examination section 1",
    "sealed_instructions": "旅券をお持ちください / Please bring the passport",
}


def sample(kind: MessageKind, today: date) -> Content:
    """The content of a message about the example of its event."""
    event = _with_readable_fields(kind.event.example())
    return kind.write(event, Facts(_OPENED.__getitem__, today, procedure="EXTEND", office="TYO"))


def _with_readable_fields(model: M) -> M:
    """A copy whose sealed fields hold their own names: the names are what `_OPENED` opens."""
    fields: Mapping[str, Any] = dict(model)
    changed = {name: name for name in _OPENED if fields.get(name) is not None}
    items = {"items": tuple(_with_readable_fields(item) for item in fields["items"])} if "items" in fields else {}
    return model.model_copy(update=changed | items)
