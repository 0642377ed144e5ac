"""A person's browser without scripts: it shows pages, fills in forms, follows redirects, and looks at every page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from services.gateway.pages.kit.static import addresses

VOID = {"meta", "link", "input", "br", "wbr", "img"}
SECRET_FIELDS = {"password": {"current-password", "new-password"}, "code": {"one-time-code"}}


@dataclass
class Form:
    """A form as it stands in a page."""

    attributes: dict[str, str]
    fields: dict[str, str] = field(default_factory=dict)
    inputs: list[dict[str, str]] = field(default_factory=list)
    # Name, value and the address that a button sends the form to in place of the form's own ("" for that).
    buttons: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    @property
    def button(self) -> str:
        """The text of the last button."""
        return next(reversed(self.buttons), "")

    @property
    def repeated(self) -> dict[str, list[str]]:
        """Hidden fields that come several times, with all their values."""
        hidden = [one for one in self.inputs if one.get("type") == "hidden"]
        values = {
            one["name"]: [other.get("value", "") for other in hidden if other["name"] == one["name"]] for one in hidden
        }
        return {name: every for name, every in values.items() if len(every) > 1}

    @property
    def enter(self) -> str:
        """The text of the first button: the one that Enter presses in a field."""
        return next(iter(self.buttons))


class Page(HTMLParser):
    """An answer as a person, a screen reader and a content policy see it."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.answer = answer
        self.status = answer.status_code
        self.path = answer.url.raw_path.decode()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self.texts: dict[str, list[str]] = {}
        # The label of each field and group, and the mistakes on top of the page, each with its field.
        self.labels: dict[str, str] = {}
        self.mistakes: list[tuple[str, str]] = []
        self._open: list[str] = []
        # Buttons that come before their form in the order of the page, by the form's id.
        self._early: dict[str, dict[str, tuple[str, str, str]]] = {}
        self.feed(answer.text)
        assert self._open == []
        self.check()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "form":
            self.forms.append(Form(attributes, buttons=self._early.pop(attributes.get("id", ""), {})))
        if tag in ("input", "select", "textarea"):
            self.forms[-1].inputs.append({"type": tag, **attributes} if tag != "input" else attributes)
            ticked = attributes.get("type") not in ("checkbox", "radio") or "checked" in attributes
            value = attributes.get("value", "") if ticked else self.forms[-1].fields.get(attributes["name"], "")
            self.forms[-1].fields[attributes["name"]] = value
        if tag == "option" and "selected" in attributes:
            self.forms[-1].fields[self.forms[-1].inputs[-1]["name"]] = attributes["value"]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, "every tag is closed, in order"

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "textarea":
            # The first line end belongs to the tag.
            form = self.forms[-1]
            form.fields[form.inputs[-1]["name"]] += data.removeprefix("\n") if self.tags[-1][0] == "textarea" else data
        if self._open and data.strip():
            self.texts.setdefault(self._open[-1], []).append(data.strip())
            if self._open[-1] == "button":
                sent = self.tags[-1][1]
                buttons = self._early.setdefault(sent["form"], {}) if "form" in sent else self.forms[-1].buttons
                pressed = (sent.get("name", ""), sent.get("value", ""), sent.get("formaction", ""))
                buttons.setdefault(data.strip(), pressed)
            if self._open[-1] == "a":
                self.links[data.strip()] = self.tags[-1][1]["href"]
            self._read_label(data.strip())

    def _read_label(self, text: str) -> None:
        tag, attributes = self.tags[-1]
        if tag == "label":
            self.labels.setdefault(attributes["for"], text)
        elif tag == "legend":
            fieldset = next(other for name, other in reversed(self.tags) if name == "fieldset")
            self.labels.setdefault(fieldset.get("id", ""), text)
        elif tag == "a" and self._in_summary():
            self.mistakes.append((attributes["href"].rpartition("#")[2], text))

    def _in_summary(self) -> bool:
        """Whether the list of mistakes is read: its items are the last ones, and it stands before every form."""
        place = next((at for at, (_, other) in enumerate(self.tags) if other.get("id") == "problem"), None)
        return place is not None and {tag for tag, _ in self.tags[place + 1 :]} <= {"h2", "ul", "li", "a"}

    def values(self, tag: str, name: str) -> list[str]:
        """An attribute's values over all tags of a kind."""
        return [attributes[name] for t, attributes in self.tags if t == tag and name in attributes]

    @property
    def h1(self) -> str:
        return " ".join(self.texts.get("h1", []))

    @property
    def shown(self) -> str:
        """All text."""
        return " ".join(text for texts in self.texts.values() for text in texts)

    def form(self, button: str) -> Form:
        """The form with this button."""
        found = [form for form in self.forms if button in form.buttons]
        assert len(found) == 1, (button, [[*form.buttons] for form in self.forms])
        return found[0]

    def form_to(self, ending: str, **fields: str) -> Form:
        """The form whose address ends so, and that has these fields."""
        found = [
            form
            for form in self.forms
            if form.attributes.get("action", "").partition("?")[0].endswith(ending)
            and fields.items() <= form.fields.items()
        ]
        assert len(found) == 1, [form.attributes for form in self.forms]
        return found[0]

    def check(self) -> None:
        """Check the properties that every page has."""
        names = [tag for tag, _ in self.tags]
        lang = self.answer.headers["content-language"]
        assert self.values("html", "lang") == [lang]
        assert [names.count(tag) for tag in ("main", "h1", "title")] == [1, 1, 1], self.path
        ids = [attributes["id"] for _, attributes in self.tags if "id" in attributes]
        assert len(ids) == len(set(ids))
        named = {name for _, a in self.tags for name in a.get("aria-labelledby", "").split()}
        described = {name for _, a in self.tags for name in a.get("aria-describedby", "").split()}
        assert described | named <= set(ids)
        assert not self._early, "every button belongs to a form"
        labelled = set(self.values("label", "for"))
        for seen in (i for form in self.forms for i in form.inputs if i.get("type") != "hidden" and "hidden" not in i):
            assert seen["id"] in labelled
            kind = seen.get("type", "text")
            assert kind in ("checkbox", "radio", "select") or seen["autocomplete"]
            assert kind not in SECRET_FIELDS or seen["autocomplete"] in SECRET_FIELDS[kind]
            assert "aria-invalid" not in seen or f"{seen['id']}-wrong" in seen["aria-describedby"]
            assert kind != "password" or "value" not in seen, "a password is never sent back"
        # Filters of a list are sent by GET, and bring no token into an address.
        ways = {form.attributes["method"]: {"csrf_token"} & set(form.fields) for form in self.forms}
        assert set(ways) <= {"post", "get"} and not ways.get("get")
        assert all(form.button for form in self.forms)
        assert "style" not in names
        # What a page shows inside itself runs nothing and knows nothing of it.
        assert all(
            a["sandbox"] == "" and a["src"].startswith("/") and a["title"] for tag, a in self.tags if tag == "iframe"
        )
        # Pages of files are pictures that we draw, and are described.
        assert all(a["alt"] and a["src"].startswith(("/previews/", "/static/")) for tag, a in self.tags if tag == "img")
        assert not [name for _, a in self.tags for name in a if name.startswith("on") or name == "style"]
        if self.path.startswith("/desk"):
            for field_id, text in self.mistakes:
                label = self.labels.get(field_id, text)
                assert label.lower() in text.lower(), f"the list of mistakes calls {label} by another name: {text}"
        self._check_headers()

    def _check_headers(self) -> None:
        headers = self.answer.headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "same-origin", "with no-referrer browsers send `Origin: null`"
        assert headers["x-frame-options"] == "DENY"
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        scripts = [attributes.get("src") for tag, attributes in self.tags if tag == "script"]
        assert bool(scripts) == ("script-src 'self'" in policy)
        assert set(scripts) <= addresses("js")


@dataclass
class Browser:
    """One person at one browser."""

    url: str
    client: httpx.AsyncClient

    async def open(self, path: str) -> Page:
        """A page, by its address; redirects are followed."""
        return Page(await self.get(path))

    async def follow(self, page: Page, text: str) -> Page:
        """Follow the link with this text."""
        return await self.open(urljoin(str(page.answer.url), page.links[text]))

    async def get(self, path: str) -> httpx.Response:
        """The same, without looking at it."""
        return await self._follow(await self.client.get(path))

    async def send(self, page: Page, button: str | Form, **typed: str) -> Page:
        """Fill in the form (or the one with this button), and send it."""
        return Page(await self._follow(await self.post(page, button, typed)))

    async def post(
        self, page: Page, button: str | Form, typed: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """The same, up to the first answer."""
        form = page.form(button) if isinstance(button, str) else button
        assert set(typed) <= set(form.fields), set(form.fields)
        name, value, elsewhere = form.buttons[button] if isinstance(button, str) else ("", "", "")
        pressed = {name: value} if name else {}
        action = urljoin(str(page.answer.url), elsewhere or form.attributes.get("action", ""))
        assert urlsplit(action).netloc == urlsplit(self.url).netloc
        sent = {"Origin": self.url} if headers is None else headers
        return await self.client.post(action, data={**form.fields, **form.repeated, **typed, **pressed}, headers=sent)

    async def upload(self, page: Page, form: Form, data: bytes, **typed: str) -> Page:
        """Choose a file in a form that has a field for one, and send it."""
        fields = {name: value for name, value in form.fields.items() if name != "file"} | typed
        action = urljoin(str(page.answer.url), form.attributes["action"])
        assert form.attributes["enctype"] == "multipart/form-data"
        files = {"file": ("scan.pdf", data, "application/pdf")}
        sent = await self.client.post(action, data=fields, files=files, headers={"Origin": self.url})
        return Page(await self._follow(sent))

    async def sign_in(self, login_id: str, password: str, **query: Any) -> Page:
        """The first step, on its page; also over a session, as where the page was open since before it began."""
        query |= {"done": "ended"} if self.cookie else {}
        path = "/sign-in" + (f"?{httpx.QueryParams(query)}" if query else "")
        return await self.send(await self.open(path), "Sign in", login_id=login_id, password=password)

    @property
    def cookie(self) -> str | None:
        """The session's secret."""
        return self.client.cookies.get("zairyu_session")

    async def _follow(self, answer: httpx.Response) -> httpx.Response:
        steps = 0
        while answer.is_redirect:
            steps += 1
            assert steps < 6, "round and round"
            assert answer.status_code == 303
            target = answer.headers["location"]
            assert target.startswith("/") and not target.startswith("//")
            answer = await self.client.get(target)
        return answer
