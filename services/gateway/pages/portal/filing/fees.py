"""Fees in words: of an application that would be submitted today, and what an amount is for."""

from services.gateway.pages.kit.names import procedure_name
from services.gateway.pages.kit.words import say
from services.gateway.pages.portal.filing.draft import Draft
from services.gateway.texts import PAGES
from shared.clock import legal_date
from shared.http import Lang
from shared.reference.codes import Channel
from shared.reference.fees import OPTION_WORDS, STAY_WORDS, amounts


def fee_lines(draft: Draft) -> list[tuple[str, str]]:
    """The amounts in words, each with what it is for; a procedure that is filed together has its own lines."""
    today, lang = legal_date(draft.visitor.gateway.clock.now()), draft.lang
    return [
        (
            fee_name(procedure, row.option, say(STAY_WORDS[row.stay], lang) if row.stay else "", lang),
            _amount(row.yen, lang),
        )
        for procedure in (draft.view["procedure"], *draft.view["combined_with"])
        for row in amounts(procedure, Channel.ONLINE, today)
    ]


def fee_name(procedure: str, option: str, period: str, lang: Lang) -> str:
    """The subject of an amount: the period of stay where it depends on it, else the procedure with its option."""
    if period:
        return period
    name = procedure_name(procedure, lang)
    if not option:
        return name
    return PAGES[lang]["filing"]["fee_option"].format(procedure=name, option=say(OPTION_WORDS[option], lang))


def _amount(yen: int, lang: Lang) -> str:
    texts = PAGES[lang]["filing"]
    return texts["yen"].format(yen=f"{yen:,}") if yen else texts["free"]
