"""A page as somebody without scripts reads it: its words, and its forms with what stands in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

Values = Mapping[str, str | Sequence[str]]


@dataclass
class Form:
    """A form: the address that it is sent to, the values of its fields by name, and its buttons by what they say."""

    action: str
    name: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    # Fields in which somebody chooses or writes; hidden ones are not among them. And what a list offers, and
    # what can be ticked, by its name.
    open: set[str] = field(default_factory=set)
    options: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)

    def filled(self, typed: Values, button: str = "") -> list[tuple[str, str]]:
        """The values that are sent: those that stand there or were typed, and the button that was pressed."""
        given = {name: [value] if isinstance(value, str) else list(value) for name, value in typed.items()}
        name, value, _ = self.buttons.get(button, ("", "", ""))
        pressed = {name: [value]} if name else {}
        return [(name, value) for name, values in {**self.fields, **given, **pressed}.items() for value in values]

    def encoded(self, typed: Values, button: str = "") -> str:
        """The same as the body of a request."""
        return urlencode(self.filled(typed, button))

    def address(self, button: str = "") -> str:
        """The address that a button sends the form to; the form's own where it names none."""
        return self.buttons.get(button, ("", "", ""))[2] or self.action


class Page(HTMLParser):
    """A page that was answered under `path`."""

    def __init__(self, path: str, html: str) -> None:
        super().__init__()
        self.path = path
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.words: list[str] = []
        # What leads to a field of the same page: the list of mistakes.
        self.mistakes: list[str] = []
        self._link = ""
        self._inside: Form | None = None
        self._choosing: tuple[Form, str] | None = None
        self._writing: tuple[Form, str] | None = None
        self._button: dict[str, str] | None = None
        self._quiet = False
        self._early: dict[str, dict[str, tuple[str, str, str]]] = {}
        self.feed(html)

    @property
    def text(self) -> str:
        """All words."""
        return " ".join(self.words)

    def form_to(self, ending: str) -> Form:
        """The form that is sent to such an address; raises `LookupError`."""
        for form in self.forms:
            if form.action.partition("?")[0].endswith(ending):
                return form
        raise LookupError(f"{self.path} has no form to {ending}: {[form.action for form in self.forms]}")

    def form_with(self, button: str) -> Form:
        """The form with this button; raises `LookupError`."""
        for form in self.forms:
            if button in form.buttons:
                return form
        raise LookupError(f"{self.path} has no button {button!r}: {[[*form.buttons] for form in self.forms]}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = Form(given.get("action") or self.path, given.get("id", ""))
            self._inside.buttons |= self._early.pop(self._inside.name, {})
            self.forms.append(self._inside)
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
            self._link = given["href"]
        elif tag in ("script", "style"):
            self._quiet = True
        elif tag == "button":
            self._button = given
        elif tag == "option" and self._choosing:
            form, name = self._choosing
            form.options.setdefault(name, []).append(given.get("value", ""))
            if "selected" in given:
                form.fields[name] = [given.get("value", "")]
        elif tag in ("input", "select", "textarea") and self._inside and given.get("name"):
            self._take(tag, given, self._inside)

    def _take(self, tag: str, given: Mapping[str, str], form: Form) -> None:
        name, kind = given["name"], given.get("type", "text")
        if kind != "hidden":
            form.open.add(name)
        if tag == "select":
            form.fields.setdefault(name, [""])
            self._choosing = (form, name)
        elif tag == "textarea":
            form.fields[name] = [""]
            self._writing = (form, name)
        elif kind in ("checkbox", "radio"):
            if "disabled" not in given:
                form.choices.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given:
                form.fields.setdefault(name, []).append(given.get("value", "on"))
        elif kind != "file":
            form.fields.setdefault(name, []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None
        elif tag == "a":
            self._link = ""
        elif tag == "select":
            self._choosing = None
        elif tag == "textarea":
            self._writing = None
        elif tag == "button":
            self._button = None
        elif tag in ("script", "style"):
            self._quiet = False

    def handle_data(self, data: str) -> None:
        if self._writing:
            form, name = self._writing
            form.fields[name] = [form.fields[name][0] + data.removeprefix("\n")]
        elif (said := data.strip()) and not self._quiet:
            self.words.append(said)
            if self._link.startswith("#") and self._link != "#content":
                self.mistakes.append(said)
            if self._button is not None:
                self._press(said, self._button)

    def _press(self, said: str, given: Mapping[str, str]) -> None:
        pressed = (given.get("name", ""), given.get("value", ""), given.get("formaction", ""))
        if "form" not in given:
            if self._inside is not None:
                self._inside.buttons.setdefault(said, pressed)
            return
        known = next((form for form in self.forms if form.name == given["form"]), None)
        buttons = known.buttons if known else self._early.setdefault(given["form"], {})
        buttons.setdefault(said, pressed)
