"""The page of a step: what it needs to know of its record, its form, and what it asks the record's service for.

A refusal is shown at its field with everything that was typed, also where the record went on or is another officer's
now.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Protocol, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from services.gateway.pages.desk.case_file.case import PATH, ShownCase, read_case
from services.gateway.pages.desk.case_file.next_steps import next_steps
from services.gateway.pages.desk.steps.begun import ADDRESS, SCRIPT, begun, drop
from services.gateway.pages.kit.client import StepUpRequired
from services.gateway.pages.kit.forms import Form, FormErrors, LongForm, Message
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import LongFormOfficer, OfficerVisitor, Visitor
from services.gateway.texts import PAGES


class Shown(Protocol):
    """A record as its pages show it: whose page it is, and its path."""

    @property
    def visitor(self) -> Visitor: ...

    @property
    def path(self) -> str: ...


S = TypeVar("S", bound=Shown)
_ID = re.compile(r"\{\w+:uuid\}")


async def _nothing(record: Any) -> Mapping[str, Any]:
    return {}


def _no_values(record: Any, context: Mapping[str, Any]) -> Mapping[str, str]:
    return {}


def _no_problems(form: Form, visitor: Visitor) -> Sequence[Message]:
    return ()


def _no_question(form: Form) -> str:
    return ""


def _no_places(form: Form) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Records(Generic[S]):
    """A kind of records on which steps are taken.

    `path` is the page of one, with its id as the only parameter, `route` the resource of `service`. `read` finds one
    that the visitor sees, `possible` names the pages of the steps that they can take now, `render` shows one of them.
    """

    path: str
    service: str
    route: str
    read: Callable[[Visitor, UUID], Awaitable[S]]
    possible: Callable[[S], Sequence[str]]
    render: Callable[[S, str, Mapping[str, Any]], Response]

    def address(self, record_id: UUID) -> str:
        """The page of one record."""
        return _ID.sub(str(record_id), self.path)


@dataclass(frozen=True, slots=True)
class StepPage:
    """One step. Its page has the address `name` below the record's, the template and the texts of that name.

    `body` is what the form asks for (None: nothing is sent), `route` where, with `method`. `fields` are those of the
    page that bear the name of a member of the body; `places` are others, by JSON pointer or code of a problem. `needed`
    have to be filled in, `problems` are mistakes that the page finds; where there is a `question`, nothing is sent yet
    and the form is shown again with it (`meant`). `values` are in the form when it is opened, `context` is what the
    template shows beside it; `read` finds the record in place of that of all its pages where more of it is shown. The
    step leads back to the record, or to the page `leads_to`.
    `fresh`: who takes it proved recently who they are.
    """

    name: str
    route: str
    body: Callable[[Form], Mapping[str, Any] | None]
    fields: Sequence[str] = ()
    needed: Sequence[str] = ()
    places: Callable[[Form], Mapping[str, str]] = _no_places
    problems: Callable[[Form, Visitor], Sequence[Message]] = _no_problems
    question: Callable[[Form], str] = _no_question
    values: Callable[[Any, Mapping[str, Any]], Mapping[str, str]] = _no_values
    context: Callable[[Any], Awaitable[Mapping[str, Any]]] = _nothing
    read: Callable[[Visitor, UUID], Awaitable[Any]] | None = None
    method: str = "POST"
    leads_to: str = ""
    fresh: bool = False

    @property
    def text(self) -> str:
        """The name of its texts and its template."""
        return self.name.replace("-", "_")

    async def show(self, records: Records[Any], record_id: UUID, visitor: Visitor) -> Response:
        """Show the form; where the step is not the reader's to take now, the record's page says so."""
        page = f"{records.address(record_id)}/{self.name}"
        record, found = await asyncio.gather(self._read(records, visitor, record_id), begun(visitor, page))
        if self.name not in records.possible(record):
            return redirect_to(record.path, done="not_now")
        if self.fresh and not visitor.is_fresh:
            raise StepUpRequired()
        context = await self.context(record)
        values = self.values(record, context)
        if found is not None:
            return self._page(records, record, found.over(values), context, since=found.saved_at)
        return self._page(records, record, values if isinstance(values, Form) else Form(values), context)

    async def take(self, records: Records[Any], record_id: UUID, visitor: Visitor, form: Form) -> Response:
        """Take the step, once for one content however often the button is pressed."""
        page = f"{records.address(record_id)}/{self.name}"
        if form["do"] == "discard":
            await drop(visitor, page)
            return redirect_to(page)
        if form["do"] in ("language", "rows"):
            return await self._again(records, visitor, record_id, form)
        texts = PAGES[visitor.lang]["steps"]
        found = [*(Message(texts["need"], name) for name in form.empty(*self.needed)), *self.problems(form, visitor)]
        if found:
            return await self._again(records, visitor, record_id, form, FormErrors(422, tuple(found)))
        if meant := self.question(form):
            return await self._again(records, visitor, record_id, form, meant=meant)
        body, route = self.body(form), self.route.format(**form)
        answer = await visitor.service(records.service).call(
            self.method,
            f"{records.route}/{record_id}/{route}",
            body,
            headers={"Idempotency-Key": str(form.key_of(route, body))}
            | ({"If-Match": f'"{form.revision}"'} if form["revision"] else {}),
        )
        places = {f"/{name}": name for name in self.fields} | dict(self.places(form))
        if errors := answer.form_errors(visitor.lang, places):
            return await self._again(records, visitor, record_id, form, errors)
        await drop(visitor, page)
        return redirect_to(self.leads_to or records.address(record_id), done=self.text)

    async def _again(
        self,
        records: Records[Any],
        visitor: Visitor,
        record_id: UUID,
        form: Form,
        errors: FormErrors | None = None,
        meant: str = "",
    ) -> Response:
        record = await self._read(records, visitor, record_id)
        return self._page(records, record, form, {**await self.context(record), "meant": meant}, errors)

    async def _read(self, records: Records[Any], visitor: Visitor, record_id: UUID) -> Any:
        return await (self.read or records.read)(visitor, record_id)

    def _page(
        self,
        records: Records[Any],
        record: Any,
        form: Form,
        context: Mapping[str, Any],
        errors: FormErrors | None = None,
        since: str = "",
    ) -> Response:
        page = f"{record.path}/{self.name}"
        shown: dict[str, Any] = {
            "errors": errors,
            "step": self.text,
            "address": page,
            "form": form,
            # Where the script saves what is typed, and since when what is shown was kept there.
            "keep": f"{ADDRESS}?{urlencode({'of': page})}",
            "since": since,
            **context,
            "scripts": (*context.get("scripts", ()), SCRIPT),
        }
        return records.render(record, self.text, shown)


def _case_page(case: ShownCase, step: str, values: Mapping[str, Any]) -> Response:
    return render_page(
        case.visitor.request,
        f"desk/steps/{step}",
        case.lang,
        visitor=case.visitor,
        case=case,
        view=case.view,
        texts=PAGES[case.lang]["steps"],
        **values,
    )


CASES = Records(PATH, "review", "/v1/cases", read_case, next_steps, _case_page)


async def _record_id(request: Request) -> UUID:
    (found,) = request.path_params.values()
    assert isinstance(found, UUID)
    return found


RecordId = Annotated[UUID, Depends(_record_id)]


def router_of(pages: Sequence[StepPage], records: Records[Any]) -> APIRouter:
    """The routes of the pages."""
    router = page_router()
    for page in pages:
        _add(router, page, records)
    return router


def _add(router: APIRouter, page: StepPage, records: Records[Any]) -> None:
    async def show(record_id: RecordId, visitor: OfficerVisitor) -> Response:
        return await page.show(records, record_id, visitor)

    async def take(record_id: RecordId, visitor: LongFormOfficer, form: LongForm) -> Response:
        return await page.take(records, record_id, visitor, form)

    router.add_api_route(f"{records.path}/{page.name}", show, methods=["GET"])
    router.add_api_route(f"{records.path}/{page.name}", take, methods=["POST"])
