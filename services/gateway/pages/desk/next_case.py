"""`/desk/next`: the button that gives an examiner the next case of the office."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.desk.queue import CASES, Wanted, queue_page
from services.gateway.pages.kit.forms import LongForm
from services.gateway.pages.kit.frame import page_router, redirect_to
from services.gateway.pages.kit.visitor import LongFormOfficer

router = page_router()
NEXT = "/desk/next"


@router.post(NEXT)
async def take_next(request: Request, visitor: LongFormOfficer, form: LongForm) -> Response:
    """Take the next case, and open it. Where there is none, or the limit is reached, the visitor's own cases are shown
    with the reason."""
    answer = await visitor.service("review").call("POST", "/v1/cases/next", headers={"Idempotency-Key": str(form.key)})
    if errors := answer.form_errors(visitor.lang):
        return await queue_page(request, visitor, Wanted(mine="true"), errors=errors)
    return redirect_to(f"{CASES}/{answer.body['id']}", done="next")
