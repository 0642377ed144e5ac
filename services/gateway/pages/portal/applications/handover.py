"""Drafts handed over to a colleague, several at once."""

import re

from starlette.responses import Response

from services.gateway.pages.kit.forms import FormErrors, LongForm, Message
from services.gateway.pages.kit.frame import page_router, redirect_to
from services.gateway.pages.kit.visitor import CurrentVisitor, LongFormVisitor
from services.gateway.pages.portal.applications.asked import ON_A_PAGE, Asked
from services.gateway.pages.portal.applications.listing import list_page
from services.gateway.pages.portal.filing.shown import APPLICATIONS
from services.gateway.texts import PAGES

router = page_router()
PATH = f"{APPLICATIONS}/handovers"
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@router.get(PATH)
async def return_to_list(visitor: CurrentVisitor) -> Response:
    """Redirect a reload of the page that showed a mistake."""
    return redirect_to(APPLICATIONS)


@router.post(PATH)
async def hand_over(visitor: LongFormVisitor, form: LongForm) -> Response:
    """Put a colleague in charge of the drafts that were chosen, or of all on the page: of all of them, or of none."""
    asked = Asked.read(form["list"])
    texts = PAGES[visitor.lang]["applications"]
    sent = form.every("on_page" if form["do"] == "all" else "application_id")
    chosen = list(dict.fromkeys(one for one in sent if _ID.fullmatch(one)))[:ON_A_PAGE]
    missing = [
        Message(text, field)
        for text, field, given in (
            (texts["choose_draft"], "list", chosen),
            (texts["choose_colleague"], "account_id", _ID.fullmatch(form["account_id"])),
        )
        if not given
    ]
    if missing:
        return await list_page(visitor, asked, errors=FormErrors(422, tuple(missing)))
    body = {"account_id": form["account_id"], "application_ids": chosen}
    answer = await visitor.service("application").call(
        "POST", "/v1/applications/handovers", body, shown=("not-found", "application-not-found")
    )
    if errors := answer.form_errors(visitor.lang, {"/account_id": "account_id"}):
        return await list_page(visitor, asked, errors=errors)
    response = redirect_to(asked.address())
    response.headers["location"] += f"{'&' if '?' in asked.address() else '?'}done=handed_over"
    return response
