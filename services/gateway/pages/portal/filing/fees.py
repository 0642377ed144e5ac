"""The fees that an application would cost if it were submitted today."""

from services.gateway.pages.portal.filing.draft import Draft
from services.gateway.texts import PAGES
from shared.clock import legal_date
from shared.http import say
from shared.reference.codes import Channel
from shared.reference.fees import Fee, amounts
from shared.reference.procedures import PROCEDURES


def fee_lines(draft: Draft) -> list[tuple[str, str]]:
    """The amounts in words, each with what it is for; a procedure that is filed together has its own lines."""
    today = legal_date(draft.visitor.gateway.clock.now())
    procedures = [draft.view["procedure"], *draft.view["combined_with"]]
    names = {row.code: say(row.name, draft.lang) for row in PROCEDURES.on(today)}
    lines: list[tuple[str, str]] = []
    for procedure in procedures:
        for row in amounts(procedure, Channel.ONLINE, today):
            name = names.get(procedure, procedure)
            lines.append((_what(row, name, draft), _amount(row.yen, draft)))
    return lines


def _what(row: Fee, name: str, draft: Draft) -> str:
    """The procedure, or with several amounts what decides which one it is."""
    texts = PAGES[draft.lang]["filing"]
    parts = [texts[f"fee_{row.option}"]] if row.option else []
    parts += [texts[f"stay_{row.stay.name.lower()}"]] if row.stay else []
    return texts["comma"].join(parts) or name


def _amount(yen: int, draft: Draft) -> str:
    texts = PAGES[draft.lang]["filing"]
    return texts["yen"].format(yen=f"{yen:,}") if yen else texts["free"]
