"""Items of a request for documents: of the list or free, with sentences of the list and the officer's own words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.review.cases.domain.refusal import Wrong
from shared.errors import Text
from shared.reference.document_types import DOCUMENT_TYPES
from shared.reference.request_texts import REQUEST_TEXTS

# A document that is none of the list: the officer's words describe it.
OTHER = "OTHER"


def check_items(items: Sequence[Mapping[str, Any]], day: date) -> None:
    """Raise `Wrong` for a sentence that the list does not have, and for an item that tells the applicant nothing."""
    for place, item in enumerate(items):
        for code in item["text_codes"]:
            if REQUEST_TEXTS.find(day, code) is None:
                raise Wrong(
                    "unknown-text",
                    Text(
                        "定型文は一覧から選択してください", "Choose sentences of the list; GET /v1/cases/lists has them"
                    ),
                    f"/items/{place}/text_codes",
                )
        listed = item["code"] != OTHER and DOCUMENT_TYPES.find(day, item["code"]) is not None
        if item["message"] is None and not listed:
            raise Wrong(
                "message-missing",
                Text("一覧にない資料は、内容を入力してください", "Describe a document that is not on the list"),
                f"/items/{place}/message",
            )
