"""The start page."""

from dataclasses import dataclass
from datetime import date

from fastapi import Request
from fastapi.responses import HTMLResponse

from services.gateway.edge.context import CurrentGateway
from services.gateway.pages.kit.formats import number
from services.gateway.pages.kit.frame import PageLanguage, page_router, render_page
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.clock import legal_date
from shared.errors import Text
from shared.http import Lang
from shared.reference.codes import Channel
from shared.reference.fees import MULTIPLE, SINGLE, Fee, amounts
from shared.reference.procedures import PROCEDURES
from shared.reference.processing_times import STANDARD_TIMES, USUAL_TIMES

_OPTIONS = {SINGLE: "single", MULTIPLE: "multiple"}

router = page_router()


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure on the start page: whether it is online (`yes`, `with_main`, `no`), what it costs by channel, in
    words, and how long it usually takes."""

    name: Text
    channel: str
    online: str
    counter: str
    time: Text


@router.get("/")
async def start(request: Request, gateway: CurrentGateway, lang: PageLanguage) -> HTMLResponse:
    """The start page: what can be done here, by whom, for which fee, and where to begin."""
    today = legal_date(gateway.clock.now())
    return render_page(
        request,
        "public/start/start",
        lang,
        today=today,
        procedures=procedures(today, lang),
        visitors=_visitors(today, lang, with_identity=bool(gateway.settings.identity_name)),
        identity=say(gateway.settings.identity_names, lang),
    )


def _visitors(day: date, lang: Lang, *, with_identity: bool) -> list[tuple[str, str, str, str]]:
    """Kinds of visitors: id, name, what they can do, and where they register ("" where they cannot)."""
    texts = PAGES[lang]["start"]
    usual = say(USUAL_TIMES.get(day, "usage_registration").text, lang)
    paths = {
        "self": "/register/personal?role=self" if with_identity else "",
        "family": "/register" if with_identity else "",
        "staff": "/register",
        "professional": "/register/personal?role=lawyer_scrivener" if with_identity else "",
    }
    return [(kind, texts[kind], texts[f"{kind}_can"].format(time=usual), path) for kind, path in paths.items()]


def procedures(day: date, lang: Lang) -> list[Procedure]:
    """The procedures with the fees of `day`, as the rules say."""
    return [
        Procedure(
            row.name,
            row.online,
            _fee(row.code, Channel.ONLINE, day, lang),
            _fee(row.code, Channel.COUNTER, day, lang),
            time.text if (time := STANDARD_TIMES.find(day, row.code)) else Text("-", "-"),
        )
        for row in PROCEDURES.on(day)
    ]


def _fee(procedure: str, channel: Channel, day: date, lang: Lang) -> str:
    """The fee in words; for a re-entry permit that for one journey and that for several."""
    texts = PAGES[lang]
    rows = amounts(procedure, channel, day)
    said = [
        _amount([row for row in rows if row.option == option], lang)
        + (texts["start"][_OPTIONS[option]] if option else "")
        for option in dict.fromkeys(row.option for row in rows)
    ]
    return texts["frame"]["comma"].join(said) or texts["start"]["not_offered"]


def _amount(rows: list[Fee], lang: Lang) -> str:
    """One amount, or the least and the most where it depends on the period of stay that will be granted."""
    texts = PAGES[lang]["start"]
    least, most = (
        texts["yen"].format(yen=number(yen, lang)) if yen else texts["free"]
        for yen in (min(row.yen for row in rows), max(row.yen for row in rows))
    )
    return least if least == most else texts["by_stay"].format(least=least, most=most)
