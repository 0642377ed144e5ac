"""A draft as its pages show it: what is entered, its form, and what stands between it and its submission."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.form_answers import answer_at, is_asked
from services.gateway.pages.kit.form_data import FormData, Item, Topic, find_form, id_at
from services.gateway.pages.kit.forms import FormErrors, Message
from services.gateway.pages.kit.visitor import Visitor
from services.gateway.pages.kit.words import say
from services.gateway.pages.portal.filing.shown import ShownApplication, is_draft, read_view
from services.gateway.texts import PAGES
from shared.http import Lang

# The steps that are no topics of the form, by their addresses below the draft's; a topic's code has no slash.
CONTACT, DOCUMENTS, PHOTO, REVIEW = "/notify", "/documents", "/photo", "/review"
# Where no further input helps.
RULES = "/"
_PLACES = {"/notify": CONTACT, "/documents": DOCUMENTS, "/photo_id": PHOTO}


@dataclass(frozen=True, slots=True)
class Problem:
    """A reason why it cannot be submitted, and the page where that can be corrected ("" where none can)."""

    text: str
    code: str
    place: str
    field: str
    href: str


@dataclass(frozen=True, slots=True)
class Draft(ShownApplication):
    """A draft and its form."""

    form: FormData

    @property
    def role(self) -> str:
        return str(self.view["role"])

    @property
    def values(self) -> Mapping[str, Any]:
        """The answers as they are kept."""
        found: Mapping[str, Any] = self.view["form"]
        return found

    @property
    def as_read(self) -> dict[str, str]:
        """The header that makes a change one of the revision that was read."""
        return {"If-Match": f'"{self.view["revision"]}"'}

    def is_asked(self, item: Item) -> bool:
        """Whether a field is asked, given the answers."""
        return is_asked(item, self.values, self.role)

    def is_begun(self, topic: Topic) -> bool:
        """Whether anything is entered in a topic."""
        return any(answer_at(self.values, item.code) is not None for item in topic.items)

    def topics(self) -> list[Topic]:
        """The topics in which something is asked of this applicant."""
        return [topic for topic in self.form.topics if self.is_begun(topic) or any(map(self.is_asked, topic.items))]

    def topic_path(self, topic: Topic) -> str:
        return f"{self.path}/form/{topic.code}"

    async def change(self, patch: Mapping[str, Any]) -> Answer:
        """The answer to a merge patch (RFC 7396) of the draft as it was read."""
        headers = self.as_read | {"Content-Type": "application/merge-patch+json"}
        return await self.service.call("PATCH", f"/v1/applications/{self.id}", patch, headers=headers)

    async def check(self) -> Mapping[str, Any]:
        """The service's check: problems, hints, documents."""
        found: Mapping[str, Any] = (await self.service.fetch(f"/v1/applications/{self.id}/check")).body
        return found

    def problems(self, found: Sequence[Mapping[str, Any]]) -> list[Problem]:
        """Problems of the check, or of a refused submission, with the place of each."""
        return [self._problem(one) for one in found]

    def _problem(self, found: Mapping[str, Any]) -> Problem:
        pointer, message = str(found["pointer"]), found["message"]
        text = say(message, self.lang) if isinstance(message, Mapping) else str(message)
        field = id_at(pointer)
        if topic := self.form.topic_at(pointer):
            return Problem(text, found["code"], topic.code, field, f"{self.topic_path(topic)}?checked=true#{field}")
        place = next((place for start, place in _PLACES.items() if pointer.startswith(start)), RULES)
        return Problem(text, found["code"], place, "", "" if place == RULES else f"{self.path}{place}")


async def find_draft(visitor: Visitor, application_id: UUID) -> Draft | None:
    """The visitor's draft; None for what is filed, which has pages of its own.

    Raises `Gone` for any other, and `Forbidden` for officers.
    """
    view = await read_view(visitor, application_id)
    return await open_draft(visitor, view) if is_draft(view) else None


async def open_draft(visitor: Visitor, view: Mapping[str, Any]) -> Draft:
    """The draft with its form."""
    return Draft(visitor, view, await find_form(visitor.gateway, view, visitor.lang))


def problem_summary(problems: Sequence[Problem]) -> FormErrors | None:
    """Problems as the list of mistakes that stands on top of a page, each with a link to its field."""
    if not problems:
        return None
    return FormErrors(422, tuple(Message(one.text, one.field or None) for one in problems))


def not_saved(answer: Answer, lang: Lang) -> FormErrors | None:
    """The refusal of a change that is about no single field."""
    if answer.status == 409 and answer.code == "already-filed":
        return FormErrors(409, (Message(PAGES[lang]["filing"]["already_filed"]),))
    return answer.form_errors(lang)
