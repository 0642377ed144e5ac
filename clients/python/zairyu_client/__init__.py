"""Client of Zairyu: file applications, follow them, and receive what happens to them."""

from zairyu_client._async.client import AsyncZairyu
from zairyu_client._sync.client import Zairyu
from zairyu_client.options import Options
from zairyu_client.problems import (
    Changed,
    Conflict,
    DraftChanged,
    FieldProblem,
    FileRefused,
    InvalidInput,
    NotAllowed,
    NotDone,
    NotFound,
    NotReached,
    SignInRefused,
    TooMany,
    Unavailable,
    WebhookRefused,
    ZairyuError,
    ZairyuProblem,
)
from zairyu_client.webhooks import Event, EventData, WebhookReceiver

__all__ = [
    "AsyncZairyu",
    "Changed",
    "Conflict",
    "DraftChanged",
    "Event",
    "EventData",
    "FieldProblem",
    "FileRefused",
    "InvalidInput",
    "NotAllowed",
    "NotDone",
    "NotFound",
    "NotReached",
    "Options",
    "SignInRefused",
    "TooMany",
    "Unavailable",
    "WebhookReceiver",
    "WebhookRefused",
    "Zairyu",
    "ZairyuError",
    "ZairyuProblem",
]
