"""Mails from templates: one source for all languages, rendered as text and as HTML, so that no two of them differ."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.environment import TemplateModule
from jinja2.runtime import Context

from services.notification.channels.mail import values as written_values
from services.notification.channels.mail.calendar import Entry, calendar, entry_of
from services.notification.channels.mail.content.broadcasts import said_in
from services.notification.channels.mail.texts import CALENDAR, FRAME, LABEL, sections, texts
from shared.errors import Text
from shared.languages import Lang
from shared.translations import say

PREFIX = "【在留申請】"
# What mail programs show of a subject, and what RFC 5322 asks of a line.
MOST_OF_SUBJECT = 78
# Letters and marks of any script; a full stop ends an abbreviation, and never stands inside a word as in an address.
_NAME = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f]|[ 'ー・･゠＝,-]|’|\.(?= |$))+")
_LONGEST_NAME = 70


@dataclass(frozen=True, slots=True)
class Site:
    """Facts about the site that every mail can state: its name, its address, and the contact for questions."""

    public_url: str
    service: Text
    contact: Text
    phone: str | None = None
    hours: Text | None = None
    contact_url: str | None = None
    card_office_address: str | None = None

    @property
    def values(self) -> dict[str, Any]:
        """The values that templates may use."""
        return {"public_url": self.public_url.rstrip("/"), "card_office_address": self.card_office_address}

    def section(self, lang: Lang, addressee: str | None, *, entry: Entry | None, confirm: str | None) -> dict[str, Any]:
        """The values around the text of one language; `entry` is that of the mail's calendar file, `confirm` the link
        by which its reader confirms the address."""
        frame, calendar = texts(lang)[FRAME], None
        if entry:
            calendar = frame["calendar_strikes_out"] if entry.cancelled else frame["calendar"]
        hours = say(self.hours, lang) if self.hours else None
        phone = None
        if self.phone:
            said = frame["telephone_hours"] if hours else frame["telephone"]
            phone = said.format(phone=self.phone, hours=hours)
        return {
            "lang": lang,
            "service": say(self.service, lang),
            "addressee": frame["addressee"].format(name=addressee) if addressee else frame["no_addressee"],
            "calendar": calendar,
            "confirm": frame["confirm"] if confirm else None,
            "confirm_link": confirm,
            "contact_label": frame["contact"],
            "contact": [line for line in (say(self.contact, lang), phone, self.contact_url) if line],
            "automatic": frame["automatic"],
        }


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail's texts, and the calendar file of the day that it names."""

    subject: str
    text: str
    html: str
    calendar: str | None


def render(
    template: str,
    content: Mapping[str, Any],
    language: Lang,
    site: Site,
    addressee: str | None = None,
    confirm: str | None = None,
) -> Rendered:
    """The mail in the recipient's language and in Japanese; to a reader of Japanese, in Japanese and in English.

    `content` are the fields of the template's own model. A field that a template uses and `content` lacks is an
    error, never an empty place. `addressee` is the recipient's name; one that does not look like a name is left out.
    `confirm` is the link by which the address is confirmed, where nobody has.
    """
    values, entry = {**site.values, **content}, entry_of(template, content)
    around = [site.section(lang, _name(addressee), entry=entry, confirm=confirm) for lang in sections(language)]
    text, html = _Format("txt", values, template), _Format("html", values, template)
    return Rendered(
        subject=_subject(*(text.subject(each["lang"]) for each in around)),
        text=_without_gaps(text.whole(around)),
        html=html.whole(around),
        calendar=_calendar(entry, around[0]["lang"], site) if entry else None,
    )


def subject_for_inbox(template: str, content: Mapping[str, Any], language: Lang, site: Site) -> str:
    """The subject of the message in one language, without the mark that mails have."""
    return _Format("txt", {**site.values, **content}, template).subject(sections(language)[0])


def body_for_inbox(template: str, content: Mapping[str, Any], language: Lang, site: Site) -> tuple[str, str]:
    """The message in one language as text and as HTML, for a page of the site: without salutation and contact, and the
    HTML without styles of its own."""
    values, lang = {**site.values, **content}, sections(language)[0]
    text, page = (str(_Format(name, values, template).module(lang)) for name in ("txt", "page"))
    return _without_gaps(text).strip(), page.strip()


def _calendar(entry: Entry, lang: Lang, site: Site) -> str:
    title = texts(lang)[CALENDAR][entry.title].format(number=entry.number)
    return calendar(entry, title, urlsplit(site.public_url).hostname or "")


def _subject(first: str, second: str) -> str:
    """Both languages after the mark, or the reader's alone where there is no room for two or both say the same."""
    both, one = f"{PREFIX}{first} / {second}", f"{PREFIX}{first}"
    if first != second and len(both) <= MOST_OF_SUBJECT:
        return both
    if len(one) <= MOST_OF_SUBJECT:
        return one
    cut = one[: MOST_OF_SUBJECT - 1]
    words, space, _ = cut.rpartition(" ")
    return f"{words if space else cut}…"


def _without_gaps(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text)


class _Format:
    """One mail in one format: `txt`, `html`, or `page` for the inbox."""

    def __init__(self, name: str, values: Mapping[str, Any], template: str) -> None:
        self._environment = _environment(html=name != "txt")
        self._name = name
        self._template = template
        self._values = values
        self._modules: dict[str, TemplateModule] = {}

    def subject(self, lang: Lang) -> str:
        """The subject that the template sets, else its text of that name."""
        own = getattr(self.module(lang), "subject", None)
        return " ".join((own or texts(lang)[self._template]["subject"]).split())

    def whole(self, around: list[dict[str, Any]]) -> str:
        html = self._name == "html"
        bodies = [{**each, "body": self.module(each["lang"])} for each in around]
        for each in bodies:
            if html:
                each["addressee"] = written_values.as_written(each["addressee"], each["lang"])
        layout = self._environment.get_template(f"layout.{self._name}.jinja")
        return layout.render(bodies=bodies, title=self.subject(bodies[0]["lang"]))

    def module(self, lang: Lang) -> TemplateModule:
        """The text of one language, with the subject that the template sets as an attribute."""
        if lang not in self._modules:
            said = texts(lang)
            known = {"lang": lang, "o": _parts(self._name, lang), "t": said[self._template], "label": said[LABEL]}
            template = self._environment.get_template(f"{self._template}.jinja")
            self._modules[lang] = template.make_module({**self._values, **known})
        return self._modules[lang]


@cache
def _parts(name: str, lang: Lang) -> TemplateModule:
    """The parts of which the mails of one format and language are made."""
    wide = lang in written_values.WIDE
    words = {"lang": lang, "wide": wide, "colon": "：" if wide else ": ", "frame": texts(lang)[FRAME]}
    return _environment(html=name != "txt").get_template(f"parts.{name}.jinja").make_module(words)


@cache
def _environment(*, html: bool) -> Environment:
    environment = Environment(
        loader=PackageLoader("services.notification.channels.mail"),
        autoescape=html,  # noqa: S701 - the other one makes the text part, where there is nothing to escape
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        # Templates are part of the program: nobody looks at their files for changes at each mail.
        auto_reload=False,
    )
    write = written_values
    for written in (write.day, write.moment, write.yen, write.listed, write.sentences, write.pairs):
        environment.filters[written.__name__] = _in_language(written)
    environment.filters |= {
        "say": _in_language(write.named),
        "summary_lines": _in_language(write.summary_lines),
        "said": _in_language(said_in),
        "as_written": _in_language(write.as_written),
        "import_rows": write.import_rows,
    }
    return environment


def _in_language(written: Callable[[Any, Lang], Any]) -> Callable[[Context, Any], Any]:
    """A filter that writes a value in the language of the template around it."""

    @pass_context
    def in_language(context: Context, value: Any) -> Any:
        return written(value, context["lang"])

    return in_language


def _name(addressee: str | None) -> str | None:
    """The name, where it can only be one: a person who types a stranger's address must not get a message to them
    through the name beside it (links, numbers, sentences)."""
    name = " ".join((addressee or "").split())
    return name if len(name) <= _LONGEST_NAME and _NAME.fullmatch(name) else None
