"""`/desk/broadcasts/new` and `/desk/broadcasts/{id}/change`: the form of a broadcast."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.desk.broadcasts.listing import PATH, code_name, require_operator
from services.gateway.pages.kit.forms import Form, FormErrors, LongForm, Message
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.names import office_codes, procedure_codes
from services.gateway.pages.kit.visitor import LongFormOfficer, OfficerVisitor, Visitor
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.clock import JST
from shared.errors import Text
from shared.languages import LANGUAGES, OFFICIAL
from shared.reference.user_classes import USER_CLASSES
from shared.text import BadValue, day

router = page_router()
_KINDS = ("maintenance", "law", "other")
_GROUPS = ("everyone", "user_class", "office", "procedure", "officers")
# The groups that are narrowed, each with the field of its codes.
_CODES = {"user_class": "user_classes", "office": "offices", "procedure": "procedures"}
# A day and a time each; the third part of the address is the member of the body.
_MOMENTS = (("send", "/send_at"), ("banner_from", "/banner/from"), ("banner_until", "/banner/until"))
_NEED_DAY = Text("日付を入力してください", "Enter the date")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


@router.get(f"{PATH}/new")
async def show_form(request: Request, visitor: OfficerVisitor) -> Response:
    """Show an empty form."""
    require_operator(visitor)
    return _page(visitor, Form())


@router.post(f"{PATH}/new")
async def write(request: Request, visitor: LongFormOfficer, form: LongForm) -> Response:
    """Keep a draft; pressed twice, there is one."""
    require_operator(visitor)
    body, mistakes = _body(form, visitor)
    if mistakes:
        return _page(visitor, form, FormErrors(422, mistakes))
    key = {"Idempotency-Key": str(form.key_of(body))}
    answer = await visitor.service("notification").call("POST", "/v1/broadcasts", body, headers=key)
    if errors := answer.form_errors(visitor.lang, _places(form)):
        return _page(visitor, form, errors)
    return redirect_to(f"{PATH}/{UUID(answer.body['id'])}", done="written")


@router.get(f"{PATH}/{{broadcast_id:uuid}}/change")
async def show_change(request: Request, visitor: OfficerVisitor, broadcast_id: UUID) -> Response:
    """Show the form of a draft; of anything else its page."""
    require_operator(visitor)
    found = (await visitor.service("notification").fetch(f"/v1/broadcasts/{broadcast_id}")).body
    if found["state"] != "draft":
        return redirect_to(f"{PATH}/{broadcast_id}", done="not_now")
    return _page(visitor, _filled(found), broadcast_id=broadcast_id)


@router.post(f"{PATH}/{{broadcast_id:uuid}}/change")
async def change(request: Request, visitor: LongFormOfficer, broadcast_id: UUID, form: LongForm) -> Response:
    """Change a draft, unless somebody else has changed it since the form was opened."""
    require_operator(visitor)
    body, mistakes = _body(form, visitor)
    if mistakes:
        return _page(visitor, form, FormErrors(422, mistakes), broadcast_id)
    headers = {"If-Match": f'"{form.revision}"'}
    answer = await visitor.service("notification").call("PUT", f"/v1/broadcasts/{broadcast_id}", body, headers=headers)
    if errors := answer.form_errors(visitor.lang, _places(form)):
        return _page(visitor, form, errors, broadcast_id)
    return redirect_to(f"{PATH}/{broadcast_id}", done="changed")


def _body(form: Form, visitor: Visitor) -> tuple[dict[str, Any], tuple[Message, ...]]:
    """The body of the request, and the mistakes that the page finds itself."""
    mistakes = list(_missing(form, visitor))
    moments: dict[str, str | None] = {}
    for name, _ in _MOMENTS:
        try:
            moments[name] = _moment(form, name)
        except BadValue as bad:
            mistakes.append(Message(say(bad.message, visitor.lang), f"{name}_on"))
        except ValueError:
            mistakes.append(Message(PAGES[visitor.lang]["broadcasts"]["need_time"], f"{name}_time"))
    begins, ends = moments.get("banner_from"), moments.get("banner_until")
    group = form["group"]
    body = {
        "kind": form["kind"],
        "group": group,
        "codes": form.every(_CODES[group]) if group in _CODES else [],
        "texts": {
            lang: {"title": form[f"title-{lang}"], "body": form[f"body-{lang}"]}
            for lang in LANGUAGES
            if lang in OFFICIAL or form[f"title-{lang}"].strip() or form[f"body-{lang}"].strip()
        },
        "by_mail": form["by_mail"] == "yes",
        "send_at": moments.get("send"),
        "banner": {"from": begins, "until": ends} if begins and ends else None,
    }
    return body, tuple(mistakes)


def _missing(form: Form, visitor: Visitor) -> Iterator[Message]:
    texts = PAGES[visitor.lang]["broadcasts"]
    for name, known in (("kind", _KINDS), ("group", _GROUPS)):
        if form[name] not in known:
            yield Message(texts["need_choice"], name)
    if (codes := _CODES.get(form["group"])) and not form.every(codes):
        yield Message(texts["need_codes"], codes)
    for lang in LANGUAGES:
        for part, other in (("title", "body"), ("body", "title")):
            is_begun = lang in OFFICIAL or form[f"{other}-{lang}"].strip()
            if is_begun and not form[f"{part}-{lang}"].strip():
                text = texts[f"need_{part}"].format(language=LANGUAGES[lang].name)
                yield Message(text, f"{part}-{lang}")
    for name, other in (("banner_from", "banner_until"), ("banner_until", "banner_from")):
        if form[f"{other}_on"].strip() and not form[f"{name}_on"].strip():
            yield Message(texts["need_both"], f"{name}_on")


def _moment(form: Form, name: str) -> str | None:
    """A moment in Japan; None where no day is named. Raises `BadValue`, and ValueError for a time that is none."""
    if not form[f"{name}_on"].strip():
        if form[f"{name}_time"].strip():
            raise BadValue("need-day", _NEED_DAY)
        return None
    found = _TIME.fullmatch(form[f"{name}_time"].strip())
    if found is None:
        raise ValueError
    return datetime.combine(day(form[f"{name}_on"]), time(int(found[1]), int(found[2])), JST).isoformat()


def _places(form: Form) -> Mapping[str, str]:
    """The fields of the form, by JSON pointer."""
    places = {f"/texts/{lang}/{part}": f"{part}-{lang}" for lang in LANGUAGES for part in ("title", "body")}
    places |= {pointer: f"{name}_on" for name, pointer in _MOMENTS} | {"/banner": "banner_until_on", "": "group"}
    codes = _CODES.get(form["group"], "group")
    places |= {f"/codes/{number}": codes for number in range(30)} | {"/codes": codes}
    return places | {"/kind": "kind", "/group": "group"}


def _filled(found: Mapping[str, Any]) -> Form:
    """The form of a draft as it is kept."""
    banner = found["banner"] or {"from": None, "until": None}
    fields = {
        "kind": [found["kind"]],
        "group": [found["group"]],
        "by_mail": ["yes" if found["by_mail"] else ""],
        "revision": [str(found["revision"])],
    }
    if found["group"] in _CODES:
        fields[_CODES[found["group"]]] = found["codes"]
    for lang, said in found["texts"].items():
        fields |= {f"{part}-{lang}": [said[part]] for part in ("title", "body")}
    for name, moment in (
        ("send", found["send_at"]),
        ("banner_from", banner["from"]),
        ("banner_until", banner["until"]),
    ):
        at = datetime.fromisoformat(moment).astimezone(JST) if moment else None
        fields |= {f"{name}_on": [f"{at:%Y-%m-%d}" if at else ""], f"{name}_time": [f"{at:%H:%M}" if at else ""]}
    return Form.of(fields)


def _codes_of(group: str, visitor: Visitor) -> Sequence[tuple[str, str, str]]:
    match group:
        case "office":
            codes = office_codes()
        case "procedure":
            codes = procedure_codes()
        case _:
            codes = [row.role for row in USER_CLASSES.on(visitor.today)]
    return [(code, code_name(group, code, visitor), "") for code in codes]


def _page(visitor: Visitor, form: Form, errors: FormErrors | None = None, broadcast_id: UUID | None = None) -> Response:
    texts = PAGES[visitor.lang]["broadcasts"]
    others = [lang for lang in LANGUAGES if lang not in OFFICIAL]
    return render_page(
        visitor.request,
        "desk/broadcasts/form",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        form=form,
        address=f"{PATH}/{broadcast_id}/change" if broadcast_id else f"{PATH}/new",
        above=f"{PATH}/{broadcast_id}" if broadcast_id else "",
        kinds=[(kind, texts[f"kind_{kind}"], "") for kind in _KINDS],
        groups=[(group, texts[f"group_{group}"], texts[f"group_{group}_hint"]) for group in _GROUPS],
        codes=[
            (name, texts[f"codes_{group}"], _codes_of(group, visitor), form.every(name), form["group"] == group)
            for group, name in _CODES.items()
        ],
        moments=[name for name, _ in _MOMENTS],
        official_languages=[(lang, LANGUAGES[lang].name) for lang in OFFICIAL],
        other_languages=[(lang, LANGUAGES[lang].name) for lang in others],
        others_open=any(form[f"{part}-{lang}"].strip() for lang in others for part in ("title", "body")),
    )
