"""Sample content of every message, for previews and tests: made of the examples of the events."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from services.notification.channels.mail.content.broadcasts import broadcast_of
from services.notification.channels.mail.content.facts import Content, Facts
from services.notification.channels.mail.content.summary import SummaryLine, summary_of
from services.notification.channels.mail.texts import texts
from services.notification.channels.protocol import SUMMARY
from services.notification.messages.catalogue import BROADCAST, MessageKind, by_template
from shared.events.application import BulkImportFinished, FiledRow
from shared.events.base import Event
from shared.languages import LANGUAGES

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
    "sealed_applicant": "NGUYEN VAN AN",
    "sealed_place": "本局3階 審査第一部門 / 3rd floor, examination section 1",
    "sealed_instructions": "旅券をお持ちください / Please bring the passport",
}
# What an example leaves out.
_MORE: Mapping[type[Event], Mapping[str, Any]] = {
    BulkImportFinished: {
        "filed_rows": (
            FiledRow.model_construct(
                sheet="EXTEND-N", row=2, sealed_applicant="sealed_applicant", receipt_number="東オンＥＮ26000001"
            ),
        )
    }
}


def sample(kind: MessageKind, today: date) -> Content:
    """The content of a message about the example of its event."""
    event = _with_readable_fields(kind.event.example().model_copy(update=_MORE.get(kind.event, {})))
    return kind.write(event, Facts(_OPENED.__getitem__, today, procedure="EXTEND", office="TYO"))


def sample_of(template: str, today: date) -> Content:
    """The content of a message of that name. Raises `KeyError` for an unknown one."""
    without_event = {SUMMARY: _summary, BROADCAST: _broadcast}
    return without_event[template]() if template in without_event else sample(by_template(template), today)


def _summary() -> Content:
    subjects = [
        {lang: said[template]["subject"] for lang in LANGUAGES if (said := texts(lang))}
        for template in ("documents_requested", "review_completed")
    ]
    at = datetime(2026, 7, 1, 1, 23, tzinfo=UTC)
    return summary_of(
        [SummaryLine(subject=subject, number="東オンＥＮ26000001", at=at) for subject in subjects], officer=False
    )


def _broadcast() -> Content:
    return broadcast_of(
        "maintenance",
        {
            "ja": {
                "title": "システムの停止（7月5日 午前1時から午前5時まで）",
                "body": "7月5日（日）午前1時から午前5時まで、保守のため、すべての機能を停止します。\n\n"
                "申請の期限がこの時間に当たる方は、前日までに提出してください。",
            },
            "en": {
                "title": "No service on 5 July from 1am to 5am",
                "body": "On Sunday 5 July from 1am to 5am (Japan time) nothing can be used because of maintenance.\n\n"
                "If your deadline is within this time, submit the day before.",
            },
        },
    )


def _with_readable_fields(model: M) -> M:
    """A copy whose sealed fields hold their own names: the names are what `_OPENED` opens."""
    fields: Mapping[str, Any] = dict(model)
    changed = {name: name for name in _OPENED if fields.get(name) is not None}
    parts = {
        name: tuple(_with_readable_fields(part) for part in value)
        for name, value in fields.items()
        if isinstance(value, tuple) and value and isinstance(value[0], BaseModel)
    }
    return model.model_copy(update=changed | parts)
