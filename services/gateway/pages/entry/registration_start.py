"""The start of every registration: the user classes, and how each registers."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.context import CurrentGateway
from services.gateway.pages.kit.frame import PageLanguage, page_router, render_page
from shared.clock import legal_date
from shared.reference.user_classes import USER_CLASSES

router = page_router()


@router.get("/register")
async def show_user_classes(request: Request, gateway: CurrentGateway, lang: PageLanguage) -> Response:
    """The eight user classes, and the way for each."""
    classes = USER_CLASSES.on(legal_date(gateway.clock.now()))
    return render_page(
        request,
        "entry/registration_start/user_classes",
        lang,
        staff=[row for row in classes if row.registers_by == "organisation"],
        persons=[row for row in classes if row.registers_by == "identity"],
    )
