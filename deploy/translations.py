"""Texts of code and data for translators, and their translations: `python -m deploy.translations COMMAND`.

- `template [--check]` writes `shared/locale/DOMAIN.pot` from the code and the data, and puts the catalogues of each
  language into that order;
- `take LANG SOURCE TRANSLATED` takes translations of JSON files into the catalogues;
- `reviewed LANG [DOMAIN]` notes that a native speaker has looked at the messages;
- `report` prints how far each language is.
"""

import argparse
import ast
import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from services.application.forms.catalogue import FORMS
from services.application.forms.field import Field, Item, Rows
from services.application.forms.highly_skilled import highly_skilled_forms
from services.application.forms.together import PARTS, with_parts
from services.gateway.pages.public.site_texts import KINDS as SITE_TEXTS
from services.gateway.pages.public.site_texts import site_texts
from shared.catalogues import Message, Progress, key_of, progress, read_catalogue, write_catalogue
from shared.languages import TRANSLATED
from shared.texts import Text
from shared.translations import countries

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "shared" / "locale"
# Folders of catalogues that are not made from texts of the code: their ids stand in the pages and mails.
OTHERS = (ROOT / "services/gateway/locale", ROOT / "services/notification/channels/mail/locale")
FORMS_DOMAIN = "forms"
# Papers are written in the official languages; samples are no texts of the system.
_OFFICIAL_ONLY = ("services/application/papers/", "services/application/proofs/words.py", "samples.py")
# `Name` is the same in the content of a mail.
_TEXTS = ("Text", "Name")
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_PLACEHOLDER = re.compile(r"\{(\w*)\}")


def texts_of_code(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Japanese and English of every text that is written out in a file; raises `ValueError` for one made in place."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _TEXTS:
            given = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg in ("ja", "en"))]
            if any(isinstance(each, ast.JoinedStr | ast.BinOp) for each in given):
                raise ValueError(f"line {node.lineno}: a text is a template; its values go to `with_values`")
            words = [each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            if len(words) == 2:
                yield words[0], words[1]


def texts_of_data(data: Any) -> Iterator[tuple[str, str]]:
    """Japanese and English that stand together in a file of data: under `ja` and `en`, or one after the other."""
    if isinstance(data, Mapping):
        if isinstance(data.get("ja"), str) and isinstance(data.get("en"), str):
            yield data["ja"], data["en"]
        for each in data.values():
            yield from texts_of_data(each)
    elif isinstance(data, Sequence) and not isinstance(data, str):
        for first, second in pairwise(data):
            if isinstance(first, str) and isinstance(second, str) and _JAPANESE.search(first):
                yield first, second
                break
        for each in data:
            yield from texts_of_data(each)


def texts_of_forms() -> Iterator[Text]:
    """Every text of every form, with the parts of procedures that are filed together."""
    forms = (*FORMS, *highly_skilled_forms(FORMS))
    for form in (*forms, *(with_parts(form, tuple(part.procedure for part in PARTS)) for form in forms)):
        for topic in form.topics_for(None):
            yield topic.title
            for item in topic.items:
                yield from _texts_of_item(item)


def texts_of_the_site() -> Iterator[Text]:
    """The paragraphs of the samples of help, contact, privacy and accessibility. An operator's own are in the official
    languages, and in others where they say the same."""
    for kind in SITE_TEXTS:
        for text in site_texts().versions[kind]:
            yield from text.texts


def _texts_of_item(item: Item) -> Iterator[Text]:
    yield item.label
    if item.help:
        yield item.help
    if isinstance(item, Rows):
        for field in item.fields:
            yield from _texts_of_item(field)
    elif isinstance(item, Field):
        yield from item.options.values()


def every_text() -> dict[str, list[Message]]:
    """The messages that need a translation, by domain, in the order of the files; each text once.

    English that stands for several texts in Japanese is a message for each, with the Japanese as its context. A
    template is one message: its Japanese differs by its values.
    """
    found: dict[tuple[str, str], Message] = {}
    domains: dict[tuple[str, str], str] = {}

    def add(domain: str, place: str, ja: str, en: str) -> None:
        if _needs_translation(ja, en):
            text = (en, "" if _PLACEHOLDER.search(en) else ja)
            message = found.setdefault(text, Message(en, notes=(f"ja: {ja}",), places=(place,)))
            if place not in message.places:
                found[text] = replace(message, places=(*message.places, place))
            domains.setdefault(text, domain)

    for path in sorted((ROOT / "shared").rglob("*.py")) + sorted((ROOT / "services").rglob("*.py")):
        place = str(path.relative_to(ROOT))
        if "/migrations/" in place or any(part in place for part in _OFFICIAL_ONLY):
            continue
        try:
            for ja, en in texts_of_code(ast.parse(path.read_text(), place)):
                add(_domain(place), place, ja, en)
        except ValueError as error:
            raise ValueError(f"{place}, {error}") from error
    for path in _data_files():
        place = str(path.relative_to(ROOT))
        read = json.loads(path.read_text()) if path.suffix == ".json" else tomllib.loads(path.read_text())
        for ja, en in texts_of_data(read):
            add(_domain(place), place, ja, en)
    for text in texts_of_the_site():
        add("gateway", "services/gateway/site_texts", text.ja, text.en)
    for text in dict.fromkeys(texts_of_forms()):
        add(FORMS_DOMAIN, "services/application/forms/data", text.ja, text.en)
    several = Counter(en for en, _ in found)
    by_domain: dict[str, list[Message]] = {}
    for (en, ja), message in found.items():
        known = replace(message, context=ja) if several[en] > 1 else message
        by_domain.setdefault(domains[en, ja], []).append(known)
    return by_domain


def _needs_translation(ja: str, en: str) -> bool:
    """False for what is the same in every language: codes, placeholders alone, and countries (CLDR)."""
    return (
        ja != en
        and en not in countries("en")
        and (any(letter.isalpha() for letter in _PLACEHOLDER.sub("", en)) or _PLACEHOLDER.search(en) is not None)
    )


def _domain(place: str) -> str:
    parts = place.split("/")
    return parts[0] if parts[0] == "shared" else parts[1]


def _data_files() -> list[Path]:
    # Countries are named by CLDR, and agreements are documents of their own (docs/decisions/0740).
    reference = ROOT / "shared/reference/data"
    lists = [path for path in sorted(reference.glob("*.json")) if path.stem != "nationality"]
    return [
        *lists,
        *sorted((reference / "documents").rglob("*.toml")),
        ROOT / "services/document/checks/catalogue.toml",
    ]


def write_templates(*, check: bool = False) -> int:
    """Write the templates, and the catalogues in their order without what is gone. The exit status."""
    wanted: dict[Path, str] = {}
    for domain, messages in every_text().items():
        wanted[LOCALE / f"{domain}.pot"] = write_catalogue("", messages)
        for lang in TRANSLATED:
            known = {message.key: message for message in _of(lang, domain)}
            kept = [
                replace(message, text=known[message.key].text, reviewed=known[message.key].reviewed, notes=())
                for message in messages
                if message.key in known
            ]
            if kept:
                wanted[_path(LOCALE, lang, domain)] = write_catalogue(lang, (replace(each, places=()) for each in kept))
    stale = {path for path in LOCALE.rglob("*.po*") if path not in wanted}
    stale |= {path for path, content in wanted.items() if not path.is_file() or path.read_text() != content}
    if check:
        for path in sorted(stale):
            print(f"{path.relative_to(ROOT)} is not that of the code: run python -m deploy.translations template")
        return 1 if stale else 0
    for path in sorted(stale):
        if path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path])
        else:
            path.unlink()
    return 0


def take(lang: str, source: Path, translated: Path) -> int:
    """Take in `{n: text}` of each file for the rows `{"n", "id"}` of its namesake in `source`. The exit status.

    A row for one of several messages with the same id has `context` as well.
    """
    given: dict[str, str] = {}
    for path in sorted(translated.glob("*.json")):
        rows = {
            str(row["n"]): key_of(row["id"], row.get("context", ""))
            for row in json.loads((source / path.name).read_text())
        }
        given |= {rows[number]: text for number, text in json.loads(path.read_text()).items() if number in rows}
    faults = 0
    for domain, messages in every_text().items():
        known = {message.key: message for message in _of(lang, domain)}
        taken = []
        for message in messages:
            before = known.get(message.key)
            text = given.get(message.key, before.text if before else "")
            if text and placeholders(text) != placeholders(message.id):
                print(f"{domain}: {message.id!r} has other placeholders in {text!r}")
                faults, text = faults + 1, ""
            if text:
                reviewed = before is not None and before.reviewed and before.text == text
                taken.append(Message(message.id, text, reviewed=reviewed, context=message.context))
        if taken:
            path = _path(LOCALE, lang, domain)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(write_catalogue(lang, taken))
    return 1 if faults else 0


def placeholders(text: str) -> frozenset[str]:
    """The names of the placeholders of a text."""
    return frozenset(_PLACEHOLDER.findall(text.replace("{{", "").replace("}}", "")))


def mark_reviewed(lang: str, domain: str | None) -> int:
    """Note that a native speaker has looked at the messages of a language, of one domain or all. The exit status."""
    for locale in (LOCALE, *OTHERS):
        for path in sorted((locale / lang / "LC_MESSAGES").glob(f"{domain or '*'}.po")):
            messages = read_catalogue(path.read_bytes())
            path.write_text(write_catalogue(lang, (replace(message, reviewed=True) for message in messages)))
    return 0


def report() -> Iterator[Progress]:
    """The progress of each language in each catalogue of the system."""
    for lang in TRANSLATED:
        for locale in (LOCALE, *OTHERS):
            if locale.is_dir():
                yield from progress(locale, lang)


def _path(locale: Path, lang: str, domain: str) -> Path:
    return locale / lang / "LC_MESSAGES" / f"{domain}.po"


def _of(lang: str, domain: str) -> list[Message]:
    path = _path(LOCALE, lang, domain)
    return read_catalogue(path.read_bytes()) if path.is_file() else []


def main() -> int:
    """Run one command. The exit status."""
    parser = argparse.ArgumentParser(prog="python -m deploy.translations", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    template = commands.add_parser("template")
    template.add_argument("--check", action="store_true")
    taking = commands.add_parser("take")
    taking.add_argument("lang", choices=TRANSLATED)
    taking.add_argument("source", type=Path)
    taking.add_argument("translated", type=Path)
    reviewing = commands.add_parser("reviewed")
    reviewing.add_argument("lang", choices=TRANSLATED)
    reviewing.add_argument("domain", nargs="?")
    commands.add_parser("report")
    given = parser.parse_args()
    if given.command == "template":
        return write_templates(check=given.check)
    if given.command == "take":
        return take(given.lang, given.source, given.translated)
    if given.command == "reviewed":
        return mark_reviewed(given.lang, given.domain)
    for each in report():
        print(f"{each.lang:10}{each.domain:14}{each.translated:6} of {each.messages:5}, {each.reviewed:5} reviewed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
