"""The next things to do with a file: what of it has to be corrected, attached, filed, or kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.gateway.pages.kit.formats import number
from services.gateway.pages.portal.imports.shown import Imported
from services.gateway.texts import PAGES

# A step of the work takes seconds: after so long without one something has failed. The work continues by itself later.
_STALLED = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something to do, and where on the page."""

    text: str
    href: str


def next_steps(imported: Imported, *, may_file: bool) -> list[NextStep]:
    """Everything to do now, in its order; nothing while the file is worked on, and for one that was only checked."""
    if imported.is_in_progress or imported.is_only_checked:
        return []
    places = [("wrong", f"{imported.path}?state=wrong#rows")]
    if may_file:
        places += [("files-missing", "#papers"), ("ready", "#ready")]
    places += [("filed", "#filed")]
    lang, counts = imported.visitor.lang, imported.counts
    texts = PAGES[lang]["imports"]
    return [
        NextStep(texts[f"next_{state}"].format(count=number(counts[state], lang)), href)
        for state, href in places
        if counts[state]
    ]


def is_stalled(imported: Imported) -> bool:
    """Whether the work on the file has not gone on for a while: a service or the database is down."""
    changed_at = datetime.fromisoformat(imported.view["changed_at"])
    return imported.is_in_progress and imported.visitor.gateway.clock.now() - changed_at > _STALLED
