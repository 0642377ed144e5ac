"""The content of a usage registration, line by line: to check before submission, and to keep afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from services.gateway.pages.entry.usage_registration import fields
from services.gateway.pages.entry.usage_registration.writer import Writer
from services.gateway.pages.kit import organisations
from services.gateway.pages.kit.frame import render_page
from shared.clock import legal_date
from shared.http import Lang
from shared.reference.processing_times import USUAL_TIMES


@dataclass(frozen=True, slots=True)
class Line:
    """One field with its answer. `typed` says that somebody wrote the words, in whatever language."""

    name: str
    label: str
    value: str
    typed: bool


def answers(content: Mapping[str, Any], lang: Lang, language: str) -> list[Line]:
    """Every field that was filled in, in the order of the form."""
    values, words = fields.shown(content, language), fields.words(lang)
    labels = fields.labels(lang, values)
    values |= {name: f"{int(values[name]):,}" for name in fields.NUMBERS if values[name].isdecimal()}
    return [
        Line(name, labels[name], words.get(name, {}).get(values[name], values[name]), name not in words)
        for name in labels
        if values.get(name)
    ]


def render_receipt(writer: Writer, draft: Mapping[str, Any]) -> Response:
    """The receipt number with a copy of everything, and what happens next."""
    copy = draft["submitted"]
    content = {name: copy[name] for name in ("role", "organisation", "applicant")}
    content |= {organisations.ROWS: copy["pledged"], "pledge_accepted": True, "terms_accepted": True}
    return render_page(
        writer.request,
        "entry/usage_registration/receipt",
        writer.lang,
        visitor=writer.visitor,
        draft=draft,
        copy=copy,
        lines=answers(content, writer.lang, draft["language"]),
        documents=_submitted(copy["document_list"]),
        usual=USUAL_TIMES.find(legal_date(writer.gateway.clock.now()), "usage_registration"),
        paper=[line for line in copy["document_list"] if line["handed_in"] == "paper"],
    )


def _submitted(lines: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [line for line in lines if line["handed_in"]]
