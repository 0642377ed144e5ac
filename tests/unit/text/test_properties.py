"""Laws of every value: reading twice changes nothing, no digit is lost, dates come back, check digits check."""

import unicodedata
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.errors import Text
from shared.text import (
    BadValue,
    characters,
    corporate_number,
    day,
    one_line,
    partial_day,
    passport_number,
    phone,
    postal_code,
    residence_card_number,
    several_lines,
    whole_number,
)
from shared.text.eras import ERAS
from shared.text.organisation import corporate_check_digit

DIGITS = "0123456789"
WIDE = str.maketrans(DIGITS, "０１２３４５６７８９")
DASHES = "-‐‑‒–—―−ー－﹣"
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
KANJI = "〇一二三四五六七八九"


def any_phone(typed: str) -> str:
    return phone(typed, abroad=True)


READERS: tuple[Callable[[str], str], ...] = (
    *(one_line, several_lines, partial_day, passport_number, residence_card_number),
    *(phone, any_phone, postal_code, corporate_number),
)


@given(st.one_of(st.text(max_size=40), st.from_regex(r"[0-9０-９R令和年月日./ー\-+() ]{1,16}", fullmatch=True)))
def test_reading_twice_changes_nothing(typed: str) -> None:
    for read in READERS:
        try:
            normal = read(typed)
        except BadValue:
            continue
        assert read(normal) == normal, read


@given(number=st.text(DIGITS, min_size=4, max_size=13), data=st.data())
def test_a_number_keeps_its_digits_in_any_width_with_any_dash(number: str, data: st.DataObject) -> None:
    dash = data.draw(st.sampled_from([*DASHES, " ", "\u3000", ""]))
    place = data.draw(st.integers(1, len(number) - 1))
    typed = data.draw(st.sampled_from([number, number.translate(WIDE)]))
    typed = typed[:place] + dash + typed[place:]
    for read in (passport_number, postal_code, phone, corporate_number):
        try:
            assert read(typed) == number
        except BadValue:
            with pytest.raises(BadValue):
                read(number)


def written_ways(value: date) -> list[str]:
    """A day in the Western calendar, as people write it."""
    year, month, of_month = value.year, value.month, value.day
    english = f"{value:%B}"
    return [
        *(f"{year}{sign}{month}{sign}{of_month}" for sign in ("/", ".", " ", "・", *DASHES)),
        *(f"{year:04}{month:02}{of_month:02}", f"{year}年{month}月{of_month}日", f"西暦{year}年{month}月{of_month}日"),
        *(f"{year}年{month:02}月{of_month:02}日生", f"{year}.{month}.{of_month}.", f"{value:%d %b %Y}".upper()),
        *(f"{english} {of_month}, {year}", f"{of_month} {english} {year}", f"{english[:3]}. {of_month}th, {year}"),
        f"{''.join(KANJI[int(digit)] for digit in str(year))}年{kanji(month)}月{kanji(of_month)}日",
    ]


def kanji(number: int) -> str:
    """A number up to 99 by tens, as months and days are written."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{KANJI[tens]}十") + (KANJI[ones] if ones else "")


@given(value=DAYS, data=st.data())
def test_a_day_comes_back_from_every_way_of_writing(value: date, data: st.DataObject) -> None:
    typed = data.draw(st.sampled_from(written_ways(value)))
    assert day(data.draw(st.sampled_from([typed, typed.translate(WIDE)]))) == value
    assert partial_day(value.isoformat()) == value.isoformat()


@given(value=DAYS, data=st.data())
def test_a_day_comes_back_from_its_era(value: date, data: st.DataObject) -> None:
    era = next(era for era in reversed(ERAS) if era.has(value))
    number = value.year - era.first.year + 1
    assume(number < 100)
    years = [str(number), kanji(number)] + (["元"] if number == 1 else [])
    year = data.draw(st.sampled_from(years))
    ways = [
        f"{era.name}{year}年{value.month}月{value.day}日",
        f"{era.name} {year}年 {kanji(value.month)}月{value.day}日",
    ]
    if year.isdecimal():
        ways += [
            f"{era.letter}{year}.{value.month}.{value.day}",
            f"{era.letter.lower()}{year}/{value.month}/{value.day}",
        ]
        ways += [
            f"{era.letter}{number:02}{value.month:02}{value.day:02}",
            f"{era.name[0]}{year}-{value.month}-{value.day}",
        ]
    assert day(data.draw(st.sampled_from(ways))) == value


@pytest.mark.parametrize("place", range(1, len(ERAS)))
def test_an_era_begins_and_ends_on_its_day(place: int) -> None:
    """The day before belongs to the era before, and cannot be written in this one."""
    now, before = ERAS[place], ERAS[place - 1]
    first, eve = now.first, now.first - timedelta(days=1)
    assert day(f"{now.name}元年{first.month}月{first.day}日") == first
    assert day(f"{before.letter}{eve.year - before.first.year + 1}.{eve.month}.{eve.day}") == eve
    with pytest.raises(BadValue) as refused:
        day(f"{now.letter}1.{eve.month}.{eve.day}")
    assert refused.value.code in ("not-in-era", "cannot-be-true")


@given(year=st.integers(1900, 2199), month=st.integers(1, 12), data=st.data())
def test_unknown_parts_come_back(year: int, month: int, data: st.DataObject) -> None:
    unknown = data.draw(st.sampled_from(["不明", "不詳", "日不明", "(日不明)", "（日不詳）", ""]))
    assert partial_day(f"{year}年{month}月{unknown}") == f"{year}-{month:02}"
    assert partial_day(f"{date(year, month, 1):%B} {year}") == f"{year}-{month:02}"
    assert partial_day(f"{year}{month:02}00") == f"{year}-{month:02}"
    unknown = data.draw(st.sampled_from(["不明", "月日不明", "(月日不明)", "（月日不詳）", ""]))
    assert partial_day(f"{year}年{unknown}") == partial_day(f"{year}0000") == str(year)
    with pytest.raises(BadValue):
        day(f"{year}年{month}月")


def test_an_unknown_word_after_a_day_is_not_dropped() -> None:
    """`1980年5月10日不明` may mean that the day is not known: it is asked again."""
    with pytest.raises(BadValue):
        partial_day("1980年5月10日不明")


@given(base=st.text(DIGITS, min_size=12, max_size=12), place=st.integers(0, 10))
def test_a_corporate_number_with_a_mistake_is_refused_with_the_digit_that_it_should_begin_with(
    base: str, place: int
) -> None:
    """Neighbours exchanged are found, unless the rule cannot know (they differ by nothing, or by 9)."""
    digit = corporate_check_digit(base)
    assume((int(base[place]) - int(base[place + 1])) % 9)
    exchanged = base[:place] + base[place + 1] + base[place] + base[place + 2 :]
    with pytest.raises(BadValue) as refused:
        corporate_number(f"{digit}{exchanged}")
    assert f"「{corporate_check_digit(exchanged)}」" in refused.value.message.ja
    assert "4011001098993" in refused.value.message.en


@given(number=st.integers(0, 10**12))
def test_a_number_comes_back_with_separators_and_in_full_width(number: int) -> None:
    for typed in (f"{number:,}", f"{number:,}".translate(WIDE), f"¥{number:,}-", f"{number}円"):
        assert whole_number(typed, 10**15, unit="yen") == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+84 24 3825 1234", "+842438251234"),
        ("0084-24-3825-1234", "+842438251234"),
        ("010-84-24-3825-1234", "+842438251234"),
        ("＋８４（２４）３８２５ー１２３４", "+842438251234"),
        ("+1 (202) 555-0100", "+12025550100"),
        ("+81-3-1234-5678", "0312345678"),
        ("03-1234-5678", "0312345678"),
    ],
)
def test_a_number_abroad_is_taken_where_the_field_allows(typed: str, number: str) -> None:
    assert any_phone(typed) == number
    if number.startswith("+"):
        with pytest.raises(BadValue):
            phone(typed)


@given(st.text(max_size=30))
def test_every_refusal_gives_an_example_in_both_languages(typed: str) -> None:
    readers: tuple[Callable[[str], object], ...] = (day, *READERS)
    for message in filter(None, (refusal(read, typed) for read in readers)):
        assert "例：" in message.ja or "のように" in message.ja
        assert "like " in message.en


def refusal(read: Callable[[str], object], typed: str) -> Text | None:
    """The message with which a value is refused; none about characters, which have no right way of writing."""
    try:
        read(typed)
    except BadValue as bad:
        return None if bad.code in ("control-character", "private-use-character", "bad-text") else bad.message
    return None


def test_characters_that_are_taken_as_they_are_would_stay_as_they_are() -> None:
    """The quick way of `cleaned` gives what the long way gives, for each character and for two beside each other."""
    plain = [chr(n) for n in range(0x10000) if characters._PLAIN.fullmatch(chr(n))]
    assert len(plain) > 20_000
    whole = "".join(plain)
    assert characters._without_invisible(characters._LINE_ENDS.sub("\n", whole)) == whole
    assert unicodedata.normalize("NFC", whole) == whole
    for changing in (characters._UNREADABLE, characters._HALF_WIDTH_KATAKANA, characters._SPACES):
        assert not changing.search(whole)
    pairs = (unicodedata.decomposition(chr(n)).split() for n in range(0x30000))
    composed = [pair for pair in pairs if len(pair) == 2 and not pair[0].startswith("<")]
    assert not any(all(characters._PLAIN.fullmatch(chr(int(part, 16))) for part in pair) for pair in composed)
