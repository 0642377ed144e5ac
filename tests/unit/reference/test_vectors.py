"""Sample cases of the field with known answers: numbers, the special period, fees, rows of a list."""

from datetime import date

import pytest

from shared.clock import JST
from shared.reference.deadlines import special_period_end
from shared.reference.fees import fee
from shared.reference.files import file_limits
from shared.reference.forms import row_limit
from shared.text import BadValue, corporate_number, residence_card_number


def test_a_corporate_number_has_a_check_digit() -> None:
    for number in ("4011001098993", "7123456789012", "2120901007402"):
        assert corporate_number(number) == number
    with pytest.raises(BadValue):
        corporate_number("4011001098994")


def test_a_card_number_is_read_in_lower_case() -> None:
    assert residence_card_number("AB12345678CD") == residence_card_number("ab12345678cd") == "AB12345678CD"


@pytest.mark.parametrize(
    ("expiry", "end"), [(date(2026, 4, 1), date(2026, 6, 1)), (date(2026, 12, 31), date(2027, 2, 28))]
)
def test_the_special_period(expiry: date, end: date) -> None:
    moment = special_period_end(expiry, expiry, 365)
    assert moment is not None
    assert moment.astimezone(JST).date() == end


def test_the_fee_of_an_extension_received_on_the_last_day_of_the_old_one() -> None:
    assert fee("EXTEND", "online", date(2025, 3, 31)) == 4_000
    assert fee("EXTEND", "online", date(2025, 4, 1)) == 5_500


def test_seven_relatives_are_accepted_and_a_restricted_pdf_is_not() -> None:
    day = date(2026, 11, 29)
    assert row_limit("family", day).accepted >= 7
    assert {"password", "no_print", "no_copy"} <= set(file_limits(day).forbidden_in_pdf)
