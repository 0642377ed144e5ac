"""The mails in every language that has a catalogue of them: complete, in the languages that they promise, and short."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

import services.notification.channels.mail
from services.notification.channels.mail.content.facts import Content, Name
from services.notification.channels.mail.rendering import (
    MOST_OF_SUBJECT,
    PREFIX,
    Site,
    body_for_inbox,
    render,
    subject_for_inbox,
)
from services.notification.channels.mail.texts import CALENDAR, FRAME, LABEL, language_of_mail, sections, texts
from services.notification.channels.mail.values import as_written, day, listed, moment, sentences, yen
from services.notification.messages.catalogue import WRITERS
from services.notification.messages.samples import SAMPLE_NAME, sample_of
from shared.errors import Text
from shared.languages import LANGUAGES, OFFERED, Lang

TODAY = date(2026, 7, 1)
SITE = Site(
    "https://zairyu.example.jp",
    Text("在留手続オンライン", "Residence Procedures"),
    Text("運営窓口", "Help desk"),
    phone="03-0000-0000",
    hours=Text("平日9時から17時まで", "Monday to Friday, 9am to 5pm"),
)
PACKAGE = Path(services.notification.channels.mail.__file__ or "").parent
# Mails are read and written in these; the others are not translated yet.
IN: tuple[Lang, ...] = tuple(lang for lang in LANGUAGES if texts(lang))
_GAP = re.compile(r"\{(\w*)\}")
_KANA = re.compile(r"[\u3040-\u30ff]")


def catalogue(lang: Lang) -> Any:
    path = PACKAGE / "locale" / lang / "LC_MESSAGES" / "mail.po"
    with path.open("rb") as file:
        return [message for message in read_po(file, abort_invalid=True) if message.id]


def variants(template: str) -> Iterator[Content]:
    """The content of a sample, and with each of its fields at another value on which a template depends."""
    content = sample_of(template, TODAY)
    yield content
    for name, field in type(content).model_fields.items():
        value: Any = getattr(content, name)
        others: tuple[Any, ...] = ()
        if isinstance(value, bool):
            others = (not value,)
        elif isinstance(value, int):
            others = (0, 1, 2)
        elif isinstance(value, tuple):
            others = ((),)
        elif value is not None and "None" in str(field.annotation):
            others = (None,)
        yield from (content.model_copy(update={name: other}) for other in others)


def test_every_language_that_is_offered_has_mails() -> None:
    assert set(OFFERED) <= set(IN)


@pytest.mark.parametrize("lang", IN)
def test_catalogue_is_complete(lang: Lang) -> None:
    """The same messages as in Japanese, in the same order, finished, with the same placeholders."""
    japanese, translated = catalogue("ja"), catalogue(lang)
    assert [message.id for message in translated] == [message.id for message in japanese]
    for of, message in zip(japanese, translated, strict=True):
        assert message.string.strip() == message.string != "", message.id
        assert not message.fuzzy, message.id
        assert sorted(_GAP.findall(message.string)) == sorted(_GAP.findall(of.string)), message.id
        assert not hasattr(dict, message.id.partition(".")[2]), "a template would get the method"


def test_templates_use_every_message_and_no_other() -> None:
    known = texts("ja")
    assert known.keys() - {FRAME, LABEL, CALENDAR} == WRITERS.keys()
    sources = {path.name.split(".")[0]: path.read_text("utf-8") for path in (PACKAGE / "templates").glob("*.jinja")}
    for template in WRITERS:
        used = set(re.findall(r"\bt\.(\w+)", sources[template]))
        default = set() if "set subject" in sources[template] else {"subject"}
        assert used | default == known[template].keys(), template
    assert set(re.findall(r"\blabel\.(\w+)", "".join(sources.values()))) == known[LABEL].keys()
    paths = [*PACKAGE.glob("*.py"), *PACKAGE.glob("templates/parts.*"), *PACKAGE.parent.glob("short/*.py")]
    code = "".join(path.read_text("utf-8") for path in paths)
    assert set(re.findall(r'\b(?:frame\.|frame\["|FRAME\]\[")(\w+)', code)) == known[FRAME].keys()


@pytest.mark.parametrize("lang", IN)
def test_every_mail_is_said_in_the_readers_language_and_in_japanese(lang: Lang) -> None:
    """Each template, for each value on which it depends: a missing value, message or language is an error."""
    first, second = sections(lang)
    for template in WRITERS:
        # A value that is missing is so in every language; one run has both official ones.
        for content in variants(template) if lang == "ja" else [sample_of(template, TODAY)]:
            mail = render(template, dict(content), lang, SITE, SAMPLE_NAME)
            assert mail.subject.startswith(PREFIX) and len(mail.subject) <= MOST_OF_SUBJECT, mail.subject
            marked = [mail.html.index(f'<section lang="{each}"') for each in (first, second)]
            assert marked == sorted(marked) and mail.html.startswith(f'<!doctype html>\n<html lang="{first}">')
            for said in (mail.subject, mail.text, mail.html):
                assert not re.search(r"[{}]|\bNone\b|Name\(", re.sub(r"<[^>]*>", "", said)), template
            automatic = [mail.text.index(texts(each)[FRAME]["automatic"]) for each in (first, second)]
            assert automatic == sorted(automatic) and "<" not in mail.text
            shown = subject_for_inbox(template, dict(content), lang, SITE)
            text, html = body_for_inbox(template, dict(content), lang, SITE)
            assert shown in mail.subject or mail.subject.endswith("…")
            assert text and text in mail.text
            assert not re.search(r"style|<script|<img", html) and html.count("<p") == html.count("</p>")


@pytest.mark.parametrize("lang", [lang for lang in IN if lang not in ("ja", "ja-simple")])
def test_the_part_of_another_language_has_no_japanese_sentence(lang: Lang) -> None:
    """Its own texts are translated; kana is only in what people typed, and in names that offices have in Japanese."""
    for template, said in texts(lang).items():
        for name, text in said.items():
            assert not _KANA.search(re.sub(r"[（(「『].*?[）)」』]", "", text)), f"{template}.{name}"


def test_a_language_without_mails_gets_the_nearest_official_one() -> None:
    assert [language_of_mail(lang) for lang in ("ja", "en")] == ["ja", "en"]
    assert (sections("ja"), sections("en")) == (("ja", "en"), ("en", "ja"))
    for lang in set(LANGUAGES) - {"ja", "en"}:
        assert sections(lang) == (lang, "ja") if lang in IN else sections(LANGUAGES[lang].paired)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("ja", "2026年（令和8年）7月1日（水）0時30分"),
        ("en", "Wednesday 1 July 2026, 12:30am (Japan time)"),
    ],
)
def test_moments_are_those_of_japans_clocks(lang: Lang, said: str) -> None:
    assert moment(datetime(2026, 6, 30, 15, 30, tzinfo=UTC), lang) == said


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("ja", "2026年（令和8年）7月1日（水）"),
        ("ja-simple", "2026年7月1日水曜日"),
        ("en", "Wednesday 1 July 2026"),
        ("zh-Hans", "2026年7月1日星期三"),
        ("zh-Hant", "2026年7月1日 星期三"),
        ("ko", "2026년 7월 1일 수요일"),
        ("es", "miércoles, 1 de julio de 2026"),
        ("vi", "Thứ Tư, 1 tháng 7, 2026"),
        ("tl", "Miyerkules, Hulyo 1, 2026"),
    ],
)
def test_days_are_written_as_the_language_does(lang: Lang, said: str) -> None:
    assert day(date(2026, 7, 1), lang) == said


def test_amounts_names_and_sentences_are_written_as_the_language_does() -> None:
    assert [yen(56000, lang) for lang in ("ja", "en")] == ["56,000円", "56,000 yen"]
    names = [Name(ja="審査官", en="Examiner"), Name(ja="監査", en="Auditor")]
    assert [listed(names, lang) for lang in ("ja", "en")] == ["審査官、監査", "Examiner, Auditor"]
    assert [sentences(["A.", "", "B."], lang) for lang in ("ja", "zh-Hans", "ko")] == ["A.B.", "A.B.", "A. B."]
    assert (day(None, "ja"), moment(None, "en")) == ("", "")


def test_what_is_japanese_is_marked_in_the_other_languages() -> None:
    """Chinese is written with the same characters: there kana says what is Japanese."""
    assert as_written("登記", "vi") == '<span lang="ja">登記</span>'
    assert [as_written("登記", lang) for lang in ("ja", "ja-simple", "zh-Hans", "zh-Hant")] == ["登記"] * 4
    assert as_written("登記してください", "zh-Hans") == '<span lang="ja">登記してください</span>'


def test_a_subject_without_room_for_two_languages_is_the_readers() -> None:
    content = dict(sample_of("case_news", TODAY))
    long = Name(ja="特例期間が7日以内に終わります", en="Special period ends within 7 days")
    for lang, said in (("ja", f"{long.ja}（東オンＥＮ26000001）"), ("en", f"{long.en} (東オンＥＮ26000001)")):
        changed = content | {"what": long, "receipt_number": "東オンＥＮ26000001"}
        assert render("case_news", changed, lang, SITE).subject == f"{PREFIX}{said}"  # type: ignore[arg-type]
    endless = render("case_news", content | {"what": Name(ja="長" * 90, en="long " * 30)}, "en", SITE).subject
    assert len(endless) <= MOST_OF_SUBJECT and endless.endswith("long long…")


def test_a_subject_that_is_the_same_in_both_languages_is_said_once() -> None:
    subject = render("review_completed", dict(sample_of("review_completed", TODAY)), "ja-simple", SITE).subject
    assert subject == f"{PREFIX}審査が終わりました"


def test_mails_read_as_they_did() -> None:
    """The text of every mail in the official languages; ZAIRYU_TEST_MAILS=renew writes it down for review."""
    mails = []
    for template in sorted(WRITERS):
        mail = render(template, dict(sample_of(template, TODAY)), "ja", SITE, SAMPLE_NAME)
        mails.append(f"=== {template}\n{mail.subject}\n\n{mail.text.strip()}\n")
    kept = Path(__file__).parent / "mails.txt"
    if os.environ.get("ZAIRYU_TEST_MAILS") == "renew":
        kept.write_text("\n".join(mails), encoding="utf-8")
    assert "\n".join(mails) == kept.read_text(encoding="utf-8")
