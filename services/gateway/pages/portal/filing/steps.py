"""The steps of a draft, in their order, and how far each is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway.pages.portal.filing.draft import CONTACT, DOCUMENTS, PHOTO, REVIEW, Draft, Problem
from services.gateway.texts import PAGES

NOT_BEGUN, PROBLEMS, DONE, OPTIONAL = "not_begun", "problems", "done", "optional"


@dataclass(frozen=True, slots=True)
class Step:
    """A page of the draft."""

    code: str
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Task:
    """A step with its state; `count` is the number of problems."""

    name: str
    href: str
    state: str
    count: int = 0

    @property
    def is_open(self) -> bool:
        """Whether something is left to do."""
        return self.state in (NOT_BEGUN, PROBLEMS)


def steps_of(draft: Draft) -> list[Step]:
    """Topics of the form, photo, documents, contact, review."""
    texts = PAGES[draft.lang]["filing"]
    steps = [Step(topic.code, topic.title[draft.lang], draft.topic_path(topic)) for topic in draft.topics()]
    others = ((PHOTO, "photo"), (DOCUMENTS, "documents"), (CONTACT, "contact"), (REVIEW, "review"))
    return [*steps, *(Step(code, texts[name], f"{draft.path}{code}") for code, name in others)]


def step_after(draft: Draft, code: str) -> str:
    """The address of the step after this one; of the overview after the last."""
    steps = steps_of(draft)
    place = next((number for number, step in enumerate(steps) if step.code == code), len(steps))
    return steps[place + 1].href if place + 1 < len(steps) else draft.path


def tasks_of(draft: Draft, check: Mapping[str, Any], problems: Sequence[Problem]) -> list[Task]:
    """The steps before the review with their states. A photo that nobody needs is no task."""
    left = {step.code: sum(one.place == step.code for one in problems) for step in steps_of(draft)}
    begun = {topic.code for topic in draft.form.topics if draft.is_begun(topic)}
    begun |= {PHOTO} if draft.view["photo_id"] else set()
    begun |= {DOCUMENTS} if draft.view["documents"] else set()
    begun |= {CONTACT} if draft.view["notify"]["email"] else set()
    wanted = {one["code"] for one in check["required_documents"]}
    return [
        _task(step, left[step.code], step.code in begun)
        for step in steps_of(draft)
        if step.code != REVIEW
        if step.code != PHOTO or "PHOTO" in wanted or PHOTO in begun
    ]


def _task(step: Step, left: int, is_begun: bool) -> Task:
    if left:
        return Task(step.title, step.href, PROBLEMS if is_begun else NOT_BEGUN, left)
    return Task(step.title, step.href, DONE if is_begun else OPTIONAL)
