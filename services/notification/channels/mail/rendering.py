"""Mails from templates: one source for each language, rendered as text and as HTML, so that the two cannot differ."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from shared.clock import JST
from shared.errors import Text

PREFIX = "【在留申請】"
_REIWA_BEGAN = date(2019, 5, 1)
_WEEKDAYS = "月火水木金土日"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
# From a Japanese character to the last one before the next Latin letter, with the figures and stops behind it.
_JA = r"[\u3040-\u30ff\u3400-\u9fff\uff10-\uff5a]"
_JAPANESE = re.compile(rf"({_JA}(?:[^A-Za-z]*{_JA})?[0-9。、！？）]*)")
# Letters and marks of any script; a full stop ends an abbreviation, and never stands inside a word as in an address.
_NAME = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f]|[ 'ー・･゠＝,-]|’|\.(?= |$))+")
_LONGEST_NAME = 70
# How a mail leads to what its reader does next. The applicant's copy has it too, who may not have filed it.
ON_PAGE = Text(
    "手続は、申請を行った方がログインし、申請の画面で行います。",
    "Whoever filed the application does this on its page, after signing in.",
)
_PAGE_LABEL = Text("申請の画面を開く", "Open the application")


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

    def section(self, lang: str, addressee: str | None) -> dict[str, Any]:
        """The values around the text of one language."""
        ja = lang == "ja"
        hours = getattr(self.hours, lang) if self.hours else None
        phone = None
        if self.phone:
            phone = f"電話：{self.phone}" if ja else f"Telephone: {self.phone}"
            if hours:
                phone += f"（受付時間：{hours}）" if ja else f" ({hours})"
        salutation = f"{addressee} 様" if ja else f"Dear {addressee},"
        return {
            "service": getattr(self.service, lang),
            "addressee": salutation if addressee else "ご利用者様" if ja else "Hello,",
            "contact_label": "お問い合わせ" if ja else "Contact us",
            "contact": [line for line in (getattr(self.contact, lang), phone, self.contact_url) if line],
            "automatic": "このメールは送信専用です。返信いただいても、お答えできません。"
            if ja
            else "This is an automated email. We cannot read replies.",
        }


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail's three texts."""

    subject: str
    text: str
    html: str


def render(
    template: str, content: Mapping[str, Any], language: str, site: Site, addressee: str | None = None
) -> Rendered:
    """The mail: both languages, the recipient's first.

    `content` are the fields of the template's own model. A field that a template uses and `content` lacks is an
    error, never an empty place. `addressee` is the recipient's name; one that does not look like a name is left out.
    """
    order = ("ja", "en") if language == "ja" else ("en", "ja")
    values = {**site.values, **content}
    text, html = _Format("txt", values, template), _Format("html", values, template)
    sections = {lang: site.section(lang, _name(addressee)) for lang in order}
    return Rendered(
        subject=f"{PREFIX}{' / '.join(text.part(f'subject_{lang}', lang) for lang in order)}",
        text=re.sub(r"\n{3,}", "\n\n", text.whole(sections)),
        html=html.whole(sections),
    )


def subject_for_inbox(template: str, content: Mapping[str, Any], language: str, site: Site) -> str:
    """The subject of the message in one language, without the mark that mails have."""
    return _Format("txt", {**site.values, **content}, template).part(f"subject_{language}", language)


def body_for_inbox(template: str, content: Mapping[str, Any], language: str, site: Site) -> tuple[str, str]:
    """The message in one language as text and as HTML, for a page of the site: without salutation and contact, and the
    HTML without styles of its own."""
    values = {**site.values, **content}
    text, page = _Format("txt", values, template).body(language), _Format("page", values, template).body(language)
    return re.sub(r"\n{3,}", "\n\n", text).strip(), page.strip()


class _Format:
    """One mail in one format: `txt`, `html`, or `page` for the inbox."""

    def __init__(self, name: str, values: Mapping[str, Any], template: str) -> None:
        self._environment = _environment(html=name != "txt")
        self._name = name
        self._template = self._environment.get_template(f"{template}.jinja")
        self._parts = self._environment.get_template(f"parts.{name}.jinja")
        self._values = values
        self._modules: dict[str, Any] = {}

    def part(self, name: str, lang: str) -> str:
        return " ".join(str(getattr(self._module(lang), name)()).split())

    def whole(self, sections: Mapping[str, Mapping[str, Any]]) -> str:
        bodies = [{**each, "lang": lang, "body": self.body(lang)} for lang, each in sections.items()]
        first = next(iter(sections))
        layout = self._environment.get_template(f"layout.{self._name}.jinja")
        return layout.render(bodies=bodies, title=self.part(f"subject_{first}", first))

    def body(self, lang: str) -> Any:
        """The text of one language."""
        return getattr(self._module(lang), lang)()

    def _module(self, lang: str) -> Any:
        if lang not in self._modules:
            colon = "：" if lang == "ja" else ": "
            words = {"section": lang, "colon": colon}
            words |= {"on_page_note": getattr(ON_PAGE, lang), "on_page_label": getattr(_PAGE_LABEL, lang)}
            parts = self._parts.make_module(words)
            self._modules[lang] = self._template.make_module({**self._values, "o": parts})
        return self._modules[lang]


@cache
def _environment(*, html: bool) -> Environment:
    environment = Environment(
        loader=PackageLoader("services.notification.channels.mail"),
        autoescape=html,  # noqa: S701 - the other one makes the text part, where there is nothing to escape
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    environment.filters |= {"day": day, "moment": moment, "yen": yen, "pairs": pairs, "as_written": as_written}
    environment.filters |= {"import_rows": import_rows, "summary_rows": summary_rows}
    return environment


def _name(addressee: str | None) -> str | None:
    """The name, where it can only be one: a person who types a stranger's address must not get a message to them
    through the name beside it (links, numbers, sentences)."""
    name = " ".join((addressee or "").split())
    return name if len(name) <= _LONGEST_NAME and _NAME.fullmatch(name) else None


def as_written(value: Any, lang: str) -> Any:
    """Text as somebody typed it; what is Japanese of it is marked as such in an English mail (WCAG 3.1.2)."""
    if lang == "ja":
        return value
    parts = _JAPANESE.split(str(value))
    marked = Markup('<span lang="ja">{}</span>')
    return Markup().join(marked.format(part) if number % 2 else part for number, part in enumerate(parts))


def day(value: date | datetime, lang: str) -> str:
    """A day in Japan: `2026年（令和8年）7月1日（水）` or `Wednesday 1 July 2026`."""
    if isinstance(value, datetime):
        value = value.astimezone(JST).date()
    if lang == "en":
        return f"{_DAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]} {value.year}"
    era = f"（令和{'元' if value.year == 2019 else value.year - 2018}年）" if value >= _REIWA_BEGAN else ""
    return f"{value.year}年{era}{value.month}月{value.day}日（{_WEEKDAYS[value.weekday()]}）"


def moment(value: datetime, lang: str) -> str:
    """A moment as Japan's clocks show it: the day, and `15時05分` or `3:05pm (Japan time)`."""
    local = value.astimezone(JST)
    if lang == "ja":
        return f"{day(value, lang)}{local.hour}時{local:%M}分"
    hour, half = local.hour % 12 or 12, "am" if local.hour < 12 else "pm"
    return f"{day(value, lang)}, {hour}:{local:%M}{half} (Japan time)"


def yen(amount: int, lang: str) -> str:
    """An amount of money."""
    return f"{amount:,}円" if lang == "ja" else f"{amount:,} yen"


def pairs(items: Iterable[Any], lang: str) -> list[tuple[str, str]]:
    """Listed things (with `name` and `texts` in both languages, and `words`) as name and words."""
    return [
        (getattr(item.name, lang), "\n".join([*(getattr(text, lang) for text in item.texts), item.words]).strip())
        for item in items
    ]


def import_rows(rows: Iterable[Any]) -> list[tuple[str, str, str]]:
    """Rows of a bulk import that were filed, as cells."""
    return [(row.place, row.name, row.receipt_number) for row in rows]


def summary_rows(lines: Iterable[Any], lang: str) -> list[tuple[str, str, str]]:
    """Messages that a summary names, as cells."""
    return [(moment(line.at, lang), getattr(line.subject, lang), line.number) for line in lines]
