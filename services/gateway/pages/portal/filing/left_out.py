"""Answers that a copy lacks of the earlier application, shown on its page for a while after it was made."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from services.gateway.pages.kit.shown_once import keep_note, read_note
from services.gateway.pages.kit.visitor import Visitor
from services.gateway.pages.kit.words import say

_NOTE = "left-out"


def keep_left_out(
    response: Response, visitor: Visitor, application_id: str, found: Sequence[Mapping[str, Any]]
) -> None:
    """Keep it in the browser: the labels of what was left out, by the reason."""
    lines: dict[str, list[str]] = {}
    for one in found:
        lines.setdefault(say(one["message"], visitor.lang), []).append(say(one["label"], visitor.lang))
    keep_note(response, visitor.gateway, _NOTE, application_id, lines)


def read_left_out(visitor: Visitor, application_id: str) -> Mapping[str, Sequence[str]]:
    """The labels of what was left out, by the reason; empty where the copy was made long ago, or is none."""
    found: Mapping[str, Sequence[str]] = read_note(visitor.request, visitor.gateway, _NOTE, application_id) or {}
    return found
