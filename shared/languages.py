"""The languages of the system: nine, of which two are official.

Laws, papers and files of the office are Japanese and English. A text in code or data has both (`shared.errors.Text`);
what it is in another language stands in catalogues (`shared.translations`). A language is shown to people when it is
`offered`, and it is offered when all its catalogues are complete; a test holds that.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, cast, get_args

Lang = Literal["ja", "ja-simple", "en", "zh-Hans", "zh-Hant", "ko", "es", "vi", "tl"]
# The languages in which papers, spreadsheets and files of the office are written.
OfficialLang = Literal["ja", "en"]
DEFAULT: Lang = "ja"
OFFICIAL: tuple[OfficialLang, ...] = get_args(OfficialLang)


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its tag (BCP 47), its own name, and its locale in CLDR for numbers, days and names of countries.

    `paired` is the official language that stands beside it, and in place of what is not translated.
    """

    code: Lang
    name: str
    locale: str
    paired: OfficialLang
    offered: bool

    @property
    def official(self) -> bool:
        """True where its texts stand in the code."""
        return self.code in OFFICIAL


_ROWS = (
    Language("ja", "日本語", "ja", "ja", offered=True),
    # `simple` is a registered variant: Japanese for people who learn it (やさしい日本語).
    Language("ja-simple", "やさしい日本語", "ja", "ja", offered=True),
    Language("en", "English", "en", "en", offered=True),
    Language("zh-Hans", "简体中文", "zh_Hans", "en", offered=True),
    Language("zh-Hant", "繁體中文", "zh_Hant", "en", offered=True),
    Language("ko", "한국어", "ko", "en", offered=True),
    Language("es", "Español", "es", "en", offered=True),
    Language("vi", "Tiếng Việt", "vi", "en", offered=True),
    # CLDR and browsers call Tagalog by its standard, Filipino.
    Language("tl", "Tagalog", "fil", "en", offered=True),
)
LANGUAGES: Mapping[Lang, Language] = MappingProxyType({row.code: row for row in _ROWS})
OFFERED: tuple[Lang, ...] = tuple(row.code for row in _ROWS if row.offered)
# Those that have catalogues.
TRANSLATED: tuple[Lang, ...] = tuple(row.code for row in _ROWS if not row.official)


def official(lang: Lang) -> OfficialLang:
    """The language in which a reader of `lang` gets papers, spreadsheets and what is not translated."""
    return LANGUAGES[lang].paired


def known(code: str | None) -> Lang:
    """The language of that code; Japanese for a code that is none."""
    return cast(Lang, code) if code in LANGUAGES else DEFAULT


def negotiate(header: str | None, offered: Collection[Lang] | None = None) -> Lang:
    """The best of `offered` (of the system's) by an Accept-Language header (RFC 9110 §12.5.4); Japanese for none.

    Of several with the same weight it is Japanese, else the one that is named first.
    """
    offered = OFFERED if offered is None else offered
    weights: dict[Lang, float] = {}
    others = 0.0
    for tag, weight in _ranges(header or ""):
        if tag == "*":
            others = max(others, weight)
        elif (lang := _asked(tag)) is not None and lang in offered:
            weights[lang] = max(weights.get(lang, 0.0), weight)
    best = 0.0
    chosen: Lang = DEFAULT
    candidates: tuple[Lang, ...] = (DEFAULT, *weights, *OFFICIAL)
    for lang in candidates:
        weight = weights.get(lang, others)
        if weight > best:
            best, chosen = weight, lang
    return chosen


def _ranges(header: str) -> Iterator[tuple[str, float]]:
    for entry in header.split(",")[:20]:
        tag, _, parameters = entry.strip().partition(";")
        quality = parameters.strip()
        try:
            weight = float(quality.removeprefix("q=")) if quality else 1.0
        except ValueError:
            continue
        yield tag.strip().lower(), weight


_TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})


def _asked(tag: str) -> Lang | None:
    """The language that a range asks for: `zh` and `zh-CN` for Simplified, `zh-TW` for Traditional Chinese."""
    primary, *rest = tag.split("-")
    if primary == "zh":
        return "zh-Hant" if "hans" not in rest and _TRADITIONAL.intersection(rest) else "zh-Hans"
    if primary == "ja":
        return "ja-simple" if "simple" in rest else "ja"
    if primary == "fil":
        return "tl"
    return cast(Lang, primary) if primary in LANGUAGES else None


def check_of(column: str) -> str:
    """The condition of a database that a column holds one of the languages."""
    return f"{column} IN ({', '.join(repr(lang) for lang in LANGUAGES)})"
