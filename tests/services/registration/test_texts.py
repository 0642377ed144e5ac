"""Texts over HTTP: a draft keeps what cannot be read yet and the check tells; everything else is read or refused."""

import json
from typing import Any

import pytest

from shared.ids import new_id
from tests.services.registration.drafts import DRAFTS, begun, complete
from tests.services.registration.site import REQUIREMENTS, RegistrationClient, submission


async def test_a_draft_with_invisible_characters_is_saved_as_it_looks(site: RegistrationClient) -> None:
    """[faults 11] Nothing is refused for what its writer cannot see."""
    writer = await begun(site)
    content = complete()
    content["applicant"] |= {"phone": "\u202a03-1234-5678\u202c", "name": "見本\u200b 花子\r\n"}
    content["organisation"] |= {"postal_code": "\ufeff100-0013", "corporate_number": "T4011001098993\u2060"}
    assert (await writer.save(content)).status_code == 200
    kept = (await writer.read()).json()["content"]
    assert (kept["applicant"]["phone"], kept["applicant"]["name"]) == ("03-1234-5678", "見本 花子")
    assert not any(p["pointer"].startswith(("/applicant", "/organisation")) for p in (await writer.check())["problems"])


@pytest.mark.parametrize(
    ("part", "field", "typed", "code"),
    [
        ("applicant", "name", "佐\ue000花子", "private-use-character"),
        ("applicant", "name", "O\x92NEIL", "control-character"),
        ("applicant", "phone", "03-1234-5678 内線123", "phone"),
        ("organisation", "capital_yen", "約1000万", "not-a-number"),
        ("organisation", "employees", "８５社", "not-a-number"),
        ("organisation", "corporate_number", "011001098993", "corporate-number"),
        ("organisation", "address", "大阪府大阪市北区1", "prefecture-differs"),
    ],
)
async def test_what_cannot_be_read_is_kept_and_told_at_its_field(
    site: RegistrationClient, part: str, field: str, typed: str, code: str
) -> None:
    """[faults 28, faults 29, faults 30, faults 31, faults 32, newcomers S1-7] All other fields are saved beside it."""
    writer = await begun(site)
    content = complete()
    content[part] |= {field: typed}
    saved = await writer.save(content)
    assert saved.status_code == 200, saved.text
    assert (f"/{part}/{field}", code) in {(p["pointer"], p["code"]) for p in saved.json()["problems"]}
    kept = (await writer.read()).json()["content"]
    assert kept == json.loads(json.dumps(kept))
    assert kept[part][field] == typed
    assert kept["applicant"].keys() >= {"name", "phone"}
    assert (await writer.submit()).status_code == 422


async def test_amounts_of_a_draft_are_numbers_as_soon_as_they_are_read(site: RegistrationClient) -> None:
    """[faults 31, newcomers S1-7] By the same reader as the application's form."""
    writer = await begun(site)
    content = complete()
    content["organisation"] |= {"capital_yen": "¥30,000,000", "employees": "８５名"}
    assert (await writer.save(content)).status_code == 200
    kept = (await writer.read()).json()["content"]["organisation"]
    assert (kept["capital_yen"], kept["employees"]) == (30_000_000, 85)


async def test_a_full_width_address_begins_a_draft_and_is_the_same_in_its_form(site: RegistrationClient) -> None:
    """[faults 27] The link goes to the address in half width."""
    writer = await begun(site, "ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｃｏ．ｊｐ")
    assert (await writer.read()).json()["email"] == "hanako@example.co.jp"
    content = complete()
    content["applicant"] |= {"email": "Ｈａｎａｋｏ＠example.co.jp"}
    assert (await writer.save(content)).status_code == 200
    assert "/applicant/email" not in {p["pointer"] for p in (await writer.check())["problems"]}


async def test_dots_that_no_mail_passes_are_told(site: RegistrationClient) -> None:
    """[faults 26] In both languages."""
    for language, word in (("en", "dots in a row"), ("ja", "連続")):
        headers = {"Accept-Language": language}
        answer = await site.post(DRAFTS, {"email": "hanako..s.@docomo.ne.jp"}, headers=headers)
        assert answer.status_code == 422
        assert word in answer.json()["errors"][0]["message"]


async def test_half_a_character_is_refused_everywhere_with_its_pointer(site: RegistrationClient) -> None:
    """[faults 4] Also where JSON of any shape is taken, and in the names of fields."""
    writer = await begun(site)
    officer = await site.officer()
    made = await site.submit()
    bodies: list[tuple[str, str, Any, dict[str, str]]] = [
        ("POST", "/v1/usage-registrations", submission(applicant={"name": "a\ud800"}), {}),
        ("POST", "/v1/usage-registrations", submission() | {"\ud800": 1}, {}),
        ("PUT", writer.path(), {"applicant": {"name": "\ud800"}}, writer.header | {"If-Match": "*"}),
        ("POST", "/v1/sessions", {"login_id": "\ud800", "password": "x"}, {}),
        ("POST", "/v1/sessions", {"login_id": "x", "password": "\ud800"}, {}),
        ("POST", "/v1/sessions/passkey", {"credential": {"id": "\ud800"}}, {}),
        (
            "POST",
            f"/v1/usage-registrations/{made['id']}/approve",
            {"requirements": REQUIREMENTS, "note": "\udc00"},
            officer,
        ),
    ]
    for method, path, body, more in bodies:
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(new_id())} | more
        answer = await site.service.client.request(method, path, content=json.dumps(body), headers=headers)
        assert answer.status_code == 422, (path, answer.text)
        assert answer.json()["errors"], path


async def test_extreme_days_are_refused_with_the_reason(site: RegistrationClient) -> None:
    """[faults 5, faults 20] In every field of a registration that takes a day or a time."""
    headers = await site.signed_in(await site.person())
    for typed in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z"):
        body = {"name": "x", "scopes": ["application:read"], "expires_at": typed}
        answer = await site.post("/v1/accounts/me/clients", body, headers=headers)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["code"] == "cannot-be-true"
