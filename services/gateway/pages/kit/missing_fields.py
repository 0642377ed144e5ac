"""Messages at fields that were sent empty: what to enter there."""

from services.gateway.pages.kit.forms import Message, Trouble
from services.gateway.texts import PAGES
from shared.http import Lang


def missing(lang: Lang, *fields: str) -> Trouble | None:
    """The mistake at each of `fields`; None where there are none."""
    texts = PAGES[lang]["forms"]
    return Trouble(422, tuple(Message(texts[f"need_{field}"], field) for field in fields)) if fields else None
