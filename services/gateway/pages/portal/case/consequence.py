"""The consequence of a withdrawal: whether the person may stay, and until when the application can be filed again."""

from dataclasses import dataclass
from datetime import date

from services.gateway.pages.kit.formats import day
from services.gateway.texts import PAGES
from shared.http import Lang
from shared.reference.deadlines import DEADLINES, FILING_WINDOWS, last_filing_day


@dataclass(frozen=True, slots=True)
class Consequence:
    """In words. `is_final`: no right to stay is left, and none can be applied for again."""

    text: str
    is_final: bool = False


def consequence_of(procedure: str, stay_expiry: str | None, today: date, lang: Lang) -> Consequence:
    """The consequence of a withdrawal today. `stay_expiry` is the end of the present stay."""
    texts = PAGES[lang]["case"]
    window = FILING_WINDOWS.find(today, procedure)
    if window is None:
        return Consequence(texts["withdraw_any_time"])
    if window.event == "cause" or not stay_expiry:
        return Consequence(texts["withdraw_in_time"].format(days=DEADLINES.get(today, "acquisition").days))
    last = last_filing_day(date.fromisoformat(stay_expiry))
    if today > last:
        return Consequence(texts["withdraw_final"].format(day=day(last, lang)), is_final=True)
    return Consequence(texts["withdraw_until"].format(day=day(last, lang)))
