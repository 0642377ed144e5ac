"""`/applications/new`: the form that somebody needs, found by questions in everyday words or chosen from the list."""

import re
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Request
from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.forms import FormErrors, Posted
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.names import procedure_name, status_name
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from services.gateway.pages.kit.words import say
from services.gateway.pages.portal.filing.offered import Choice, offered_choices
from services.gateway.texts import PAGES
from shared.errors import Forbidden
from shared.http import Lang
from shared.reference.guide.walk import QUESTIONS

router = page_router()
PATH = "/applications/new"
_CODE = re.compile(r"[A-Za-z0-9_-]{1,60}")
_MOST_ANSWERS = 20
_MOST_EARLIER = 20
# What the address of a page says besides the answers.
_NOT_ANSWERS = ("lang", "done")


@router.get(PATH)
async def show_start(visitor: CurrentVisitor) -> Response:
    """Show how to begin: by questions, with a form that is known, or with an earlier application."""
    _require_person(visitor)
    return render_page(visitor.request, "portal/new_application/start", visitor.lang, visitor=visitor)


@router.get(f"{PATH}/copy")
async def show_earlier(visitor: CurrentVisitor, q: Annotated[str, Query(max_length=100)] = "") -> Response:
    """List earlier applications, each with a button that begins another one for the same person."""
    _require_person(visitor)
    asked = [("limit", str(_MOST_EARLIER)), *([("q", q)] if q.strip() else [])]
    answer = await visitor.service("application").call("GET", f"/v1/applications?{urlencode(asked)}")
    items = answer.body["items"] if answer.ok else []
    lang = visitor.lang
    return render_page(
        visitor.request,
        "portal/new_application/earlier",
        lang,
        visitor=visitor,
        q=q,
        rows=[
            one
            | {
                "procedure_name": procedure_name(one["procedure"], lang),
                "status_name": status_name(one["status_of_residence"], lang),
            }
            for one in items
        ],
    )


@router.get(f"{PATH}/questions")
async def show_question(request: Request, visitor: CurrentVisitor) -> Response:
    """Show the next question, or the form that the answers lead to. The answers are in the address."""
    _require_person(visitor)
    return await _question_page(visitor, _answers(request))


@router.post(f"{PATH}/questions")
async def answer_question(request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """Put the answer into the address of the next question."""
    _require_person(visitor)
    answers = _answers(request)
    question = form["question"]
    if not _CODE.fullmatch(question) or not _CODE.fullmatch(form["answer"]):
        errors = FormErrors.on(PAGES[visitor.lang]["new_application"]["need_answer"], "answer")
        return await _question_page(visitor, answers, errors)
    return redirect_to(f"{PATH}/questions", **(answers | {question: form["answer"]}))


@router.get(f"{PATH}/forms")
async def show_forms(visitor: CurrentVisitor) -> Response:
    """List the forms that are offered, by procedure and status of residence."""
    _require_person(visitor)
    return await _forms_page(visitor)


@router.post(PATH)
async def begin(visitor: CurrentVisitor, form: Posted) -> Response:
    """Begin a draft. Pressing twice begins one: the page brings the key of its request."""
    _require_person(visitor)
    choice = Choice.read(form["choice"])
    if choice is None:
        return await _forms_page(
            visitor, FormErrors.on(PAGES[visitor.lang]["new_application"]["choose_status"], "content")
        )
    body = {**choice.body(), "notify": {"language": visitor.lang}}
    answer = await visitor.service("application").call(
        "POST", "/v1/applications", body, headers={"Idempotency-Key": str(form.key_of(form["choice"]))}
    )
    if answer.ok:
        return redirect_to(f"/applications/{answer.body['id']}", done="started")
    return await _forms_page(visitor, answer.form_errors(visitor.lang))


def _require_person(visitor: Visitor) -> None:
    """Raise `Forbidden` for officers, who file nothing."""
    if not visitor.is_person:
        raise Forbidden()


def _answers(request: Request) -> dict[str, str]:
    """The answers so far, in their order; what cannot be one is left out."""
    given = [(name, value) for name, value in request.query_params.items() if name not in _NOT_ANSWERS]
    return {name: value for name, value in given[:_MOST_ANSWERS] if _CODE.fullmatch(name) and _CODE.fullmatch(value)}


async def _question_page(visitor: Visitor, answers: Mapping[str, str], errors: FormErrors | None = None) -> Response:
    asked = f"?{urlencode(answers)}" if answers else ""
    answer = await visitor.service("application").call("GET", f"/v1/forms/guide{asked}")
    if answer.status == 422:
        # An address that was written by hand, or from before the questions changed.
        return redirect_to(f"{PATH}/questions")
    if not answer.ok:
        raise ServiceDown()
    found = answer.body
    lang = visitor.lang
    result = found["result"]
    return render_page(
        visitor.request,
        "portal/new_application/question",
        lang,
        visitor=visitor,
        errors=errors,
        question=found["question"],
        choice=Choice(result["procedure"], result["status"], result["activity"] or "").value if result else "",
        options=_options(found["question"], lang),
        result=result,
        stop=found["stop"],
        facts=_facts(result, lang) if result else [],
        answered=bool(found["answers"]),
        given=_given(found["answers"], lang),
        back=_before(found["answers"]),
        here=f"{PATH}/questions{asked}",
    )


def _options(question: Mapping[str, Any] | None, lang: Lang) -> list[tuple[str, str, str]]:
    """Code, words and explanation of the answers to choose from."""
    options = question["options"] if question else ()
    return [(one["code"], say(one["text"], lang), say(one["hint"], lang) if one.get("hint") else "") for one in options]


def _facts(result: Mapping[str, Any], lang: Lang) -> list[dict[str, str]]:
    """The form that the answers lead to, and the reason."""
    texts = PAGES[lang]["new_application"]
    facts = [{"label": texts["procedure"], "value": procedure_name(result["procedure"], lang)}]
    if result["status"]:
        facts.append({"label": texts["status"], "value": status_name(result["status"], lang)})
    return [*facts, {"label": texts["result_why"], "value": say(result["why"], lang)}]


def _given(answers: Mapping[str, str], lang: Lang) -> list[dict[str, str]]:
    """The questions that were answered, the answers in words, and the address at which each can be changed."""
    lines = []
    before: dict[str, str] = {}
    for name, value in answers.items():
        question = QUESTIONS[name]
        chosen = next(choice for choice in question.choices if choice.code == value)
        href = f"{PATH}/questions?{urlencode(before)}"
        lines.append({"label": say(question.text, lang), "value": say(chosen.text, lang), "href": href})
        before[name] = value
    return lines


def _before(answers: Mapping[str, str]) -> str:
    """The address of the question before this one."""
    earlier = dict(list(answers.items())[:-1])
    if not answers:
        return PATH
    return f"{PATH}/questions?{urlencode(earlier)}" if earlier else f"{PATH}/questions"


async def _forms_page(visitor: Visitor, errors: FormErrors | None = None) -> Response:
    choices = await offered_choices(visitor)
    if choices is None:
        raise ServiceDown()
    lang = visitor.lang
    groups: dict[str, list[tuple[str, str]]] = {}
    for choice in choices:
        groups.setdefault(choice.procedure, []).append((choice.value, choice.name(lang)))
    return render_page(
        visitor.request,
        "portal/new_application/forms",
        lang,
        visitor=visitor,
        errors=errors,
        groups=[(code, procedure_name(code, lang), names) for code, names in groups.items()],
    )
