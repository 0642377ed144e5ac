"""The page of a step: what it needs to know of the case, its form, and what it asks the review service for.

A refusal is shown at its field with everything that was typed, also where the case went on or is another officer's now.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.gateway.pages.desk.case_file.case import PATH, ShownCase, read_case
from services.gateway.pages.desk.case_file.next_steps import next_steps
from services.gateway.pages.kit.forms import Form, FormErrors, LongForm, Message
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import LongFormOfficer, OfficerVisitor, Visitor
from services.gateway.texts import PAGES


async def _nothing(case: ShownCase) -> Mapping[str, Any]:
    return {}


def _no_values(case: ShownCase, context: Mapping[str, Any]) -> Mapping[str, str]:
    return {}


def _no_problems(form: Form, visitor: Visitor) -> Sequence[Message]:
    return ()


def _no_places(form: Form) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class StepPage:
    """One step. Its page has the address `name` below the case's, the template and the texts of that name.

    `body` is what the form asks for (None: nothing is sent), `route` where. `fields` are those of the page that bear
    the name of a member of the body; `places` are others, by JSON pointer or code of a problem. `needed` have to be
    filled in, `problems` are mistakes that the page finds itself. `values` are in the form when it is opened, `context`
    is what the template shows beside it.
    """

    name: str
    route: str
    body: Callable[[Form], Mapping[str, Any] | None]
    fields: Sequence[str] = ()
    needed: Sequence[str] = ()
    places: Callable[[Form], Mapping[str, str]] = _no_places
    problems: Callable[[Form, Visitor], Sequence[Message]] = _no_problems
    values: Callable[[ShownCase, Mapping[str, Any]], Mapping[str, str]] = _no_values
    context: Callable[[ShownCase], Awaitable[Mapping[str, Any]]] = _nothing

    @property
    def text(self) -> str:
        """The name of its texts and its template."""
        return self.name.replace("-", "_")

    async def show(self, case_id: UUID, visitor: OfficerVisitor) -> Response:
        """Show the form; where the step is not the reader's to take now, the case says so."""
        case = await read_case(visitor, case_id)
        if self.name not in next_steps(case):
            return redirect_to(case.path, done="not_now")
        context = await self.context(case)
        return self._page(case, Form(self.values(case, context)), context)

    async def take(self, case_id: UUID, visitor: LongFormOfficer, form: LongForm) -> Response:
        """Take the step, once for one content however often the button is pressed."""
        if form["do"] in ("language", "rows"):
            return await self._again(visitor, case_id, form)
        texts = PAGES[visitor.lang]["steps"]
        found = [*(Message(texts["need"], name) for name in form.empty(*self.needed)), *self.problems(form, visitor)]
        if found:
            return await self._again(visitor, case_id, form, FormErrors(422, tuple(found)))
        body, route = self.body(form), self.route.format(**form)
        answer = await visitor.service("review").call(
            "POST",
            f"/v1/cases/{case_id}/{route}",
            body,
            headers={"Idempotency-Key": str(form.key_of(route, body))},
        )
        places = {f"/{name}": name for name in self.fields} | dict(self.places(form))
        if errors := answer.form_errors(visitor.lang, places):
            return await self._again(visitor, case_id, form, errors)
        return redirect_to(f"/desk/cases/{case_id}", done=self.text)

    async def _again(self, visitor: Visitor, case_id: UUID, form: Form, errors: FormErrors | None = None) -> Response:
        case = await read_case(visitor, case_id)
        return self._page(case, form, await self.context(case), errors)

    def _page(
        self, case: ShownCase, form: Form, context: Mapping[str, Any], errors: FormErrors | None = None
    ) -> Response:
        return render_page(
            case.visitor.request,
            f"desk/steps/{self.text}",
            case.lang,
            visitor=case.visitor,
            case=case,
            view=case.view,
            errors=errors,
            step=self.text,
            address=f"{case.path}/{self.name}",
            form=form,
            # A field has the name of its text.
            labels=PAGES[case.lang]["case_file"] | PAGES[case.lang]["steps"],
            **context,
        )


def router_of(pages: Sequence[StepPage]) -> APIRouter:
    """The routes of the pages."""
    router = page_router()
    for page in pages:
        router.add_api_route(f"{PATH}/{page.name}", page.show, methods=["GET"])
        router.add_api_route(f"{PATH}/{page.name}", page.take, methods=["POST"])
    return router
