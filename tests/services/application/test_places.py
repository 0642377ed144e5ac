"""Postal codes beside addresses: what does not belong together is asked about, and never refused."""

from typing import Any

import pytest

from services.application.forms.catalogue import FORMS
from services.application.forms.extend.n import EXTEND_N
from services.application.forms.field import Field, Form, Kind, Rows
from services.application.forms.form import FormVersion, read_form
from services.application.forms.places import places_to_compare
from shared.clock import legal_date
from tests.services.application.people import Filer, complete_form


def hints(version: FormVersion = EXTEND_N, **raw: Any) -> list[tuple[str, str]]:
    values, problems = read_form(version, raw)
    assert problems == []
    return [(hint.pointer, hint.message.ja) for hint in places_to_compare(version, Form(values))]


@pytest.mark.parametrize(
    ("postal", "address"),
    [
        ("100-0013", "東京都千代田区霞が関1-1-1"),
        ("100-0013", "千代田区霞が関1-1-1"),
        ("100-0013", "東京都　千代田区　霞が関１－１－１"),
        ("498-0000", "愛知県弥富市前ケ須町1"),
        ("498-0000", "三重県桑名郡木曽岬町大字西対海地251"),
        ("498-0000", "三重県木曽岬町大字西対海地251"),
        ("100-8926", "東京都千代田区霞が関2-1-2"),
        ("000-0000", "大阪府大阪市北区1"),
        ("100-0013", "1-1-1 Kasumigaseki, Chiyoda-ku, Tokyo"),
        ("100-0013", ""),
    ],
)
def test_a_code_and_its_address_are_not_asked_about(postal: str, address: str) -> None:
    assert hints(jp_postal=postal, jp_address=address) == []


def test_another_city_is_asked_about_with_the_address_of_the_code() -> None:
    ((pointer, message),) = hints(jp_postal="100-0013", jp_address="大阪府大阪市北区梅田1-1")
    assert pointer == "/form/jp_postal"
    assert "「東京都千代田区霞が関」" in message
    assert "100-0013" in message


def test_a_code_that_nobody_has_is_asked_about() -> None:
    ((pointer, message),) = hints(jp_postal="999-9999", jp_address="東京都千代田区霞が関1-1-1")
    assert pointer == "/form/jp_postal"
    assert "見つかりません" in message


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.version)
def test_every_postal_code_has_its_address_beside_it_and_the_example_fits(form: FormVersion) -> None:
    for item in form.items:
        beside = item.fields if isinstance(item, Rows) else [one for one in form.items if isinstance(one, Field)]
        codes = {field.code for field in beside}
        for field in item.fields if isinstance(item, Rows) else [item]:
            if field.kind is Kind.POSTAL_CODE:
                assert field.code.replace("postal", "address") in codes, field.code
    values, _ = read_form(form, form.example)
    assert list(places_to_compare(form, Form(values))) == []


async def test_the_check_asks_and_the_application_is_filed_all_the_same(filer: Filer) -> None:
    form = complete_form(legal_date(filer.clock.now()), jp_postal="5300001")
    application_id = await filer.ready(form=form)
    check = await filer.get(f"/{application_id}/check")
    assert (check["complete"], check["problems"]) == (True, [])
    (hint,) = check["hints"]
    assert (hint["pointer"], hint["code"]) == ("/form/jp_postal", "compare")
    assert (await filer.submit(application_id)).status_code == 200
