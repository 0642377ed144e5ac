"""Notices of outside systems: no session, limits of their own, and nothing but what is known of them."""

from services.gateway.settings import Settings
from tests.gateway.conftest import echo, site
from tests.support.web import serving

CALLBACK = "/payments/callback"


async def test_a_notice_reaches_its_service_with_its_signature_and_without_a_session() -> None:
    async with serving(echo("review")) as review, site(review_url=review) as gateway:
        await gateway.sign_in()
        headers = {"Payment-Signature": "t=1,kid=k,v1=0", "X-Other": "1"}
        answer = (await gateway.browser.post(CALLBACK, content=b"{}", headers=headers)).json()
    assert (answer["service"], answer["path"], answer["size"]) == ("review", CALLBACK, 2)
    assert answer["headers"]["payment-signature"] == "t=1,kid=k,v1=0"
    assert not {"x-other", "cookie", "authorization"} & set(answer["headers"])


async def test_a_large_notice_is_refused_here() -> None:
    async with serving(echo("review")) as review, site(review_url=review) as gateway:
        assert (await gateway.browser.post(CALLBACK, content=b"x" * 9000)).status_code == 413


async def test_a_flood_of_requests_does_not_keep_notices_away_nor_the_other_way_round() -> None:
    async with (
        serving(echo("review")) as review,
        site(review_url=review, requests_per_minute=5, notices_per_minute=5) as gateway,
    ):
        for _ in range(6):
            people = await gateway.browser.get("/session")
        assert people.status_code == 429
        answers = [(await gateway.browser.post(CALLBACK, content=b"{}")).status_code for _ in range(6)]
        assert answers == [200] * 5 + [429]


def test_more_notices_are_admitted_than_requests_of_people() -> None:
    assert Settings().notices_per_minute > Settings().requests_per_minute
