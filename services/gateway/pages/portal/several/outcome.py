"""One action on several applications, and what became of each."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from services.gateway.pages.kit.forms import Form, FormErrors
from services.gateway.pages.kit.frame import redirect_to, render_page
from services.gateway.pages.kit.visitor import Visitor
from services.gateway.pages.kit.words import say
from services.gateway.pages.portal.filing.shown import APPLICATIONS
from services.gateway.pages.portal.several.chosen import back_of, sent_ids, sent_name
from services.gateway.texts import PAGES
from shared.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome for one application. `reason` is why it was refused, "" where it was not."""

    name: str
    href: str
    reason: str


async def act_on_chosen(
    visitor: Visitor, form: Form, action: str, again: Callable[[FormErrors], Awaitable[Response]], **more: Any
) -> Response:
    """Do `action` to the applications that a form names, and show what became of each.

    Pressing twice does it once, and shows the same: the page brings the key of its request. `again` is the page with
    the mistakes of a request that was refused as a whole.
    """
    if not visitor.is_person:
        raise Forbidden()
    ids = sent_ids(form)
    if not ids:
        return redirect_to(APPLICATIONS)
    body = {"action": action, "application_ids": ids, **more}
    answer = await visitor.service("application").call(
        "POST", "/v1/applications/selection", body, headers={"Idempotency-Key": str(form.key_of(body))}
    )
    if errors := answer.form_errors(visitor.lang, {f"/{field}": field for field in more}):
        return await again(errors)
    texts = PAGES[visitor.lang]["several"]
    outcomes = [
        Outcome(
            name=sent_name(form, item["id"], texts["unnamed"]),
            href="" if action == "delete" and item["done"] else f"{APPLICATIONS}/{item['id']}",
            reason="" if item["done"] else say(item["message"], visitor.lang),
        )
        for item in answer.body["items"]
    ]
    return render_page(
        visitor.request,
        "portal/several/outcome",
        visitor.lang,
        visitor=visitor,
        action=action,
        done=answer.body["done"],
        outcomes=sorted(outcomes, key=lambda one: not one.reason),
        back=back_of(form),
    )
