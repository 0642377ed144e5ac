"""A session is never one that somebody else chose: what a browser brings along is not taken over."""

from tests.gateway.conftest import CODE, LOGIN, GatewayClient

PLANTED = "planted-by-somebody-who-knows-it-0123456789"


async def test_a_planted_cookie_is_not_adopted_at_sign_in(gateway: GatewayClient) -> None:
    headers = {"Origin": gateway.url, "Cookie": f"zairyu_session={PLANTED}"}
    answer = await gateway.browser.post("/session", json=LOGIN, headers=headers)
    assert answer.status_code == 201
    (secret,) = gateway.registration.sessions
    assert gateway.browser.cookies["zairyu_session"] == secret != PLANTED
    seen = await gateway.browser.get("/session", headers={"Cookie": f"zairyu_session={PLANTED}"})
    assert seen.status_code == 401


async def test_who_knew_the_session_before_sign_in_or_step_up_does_not_know_it_afterwards(
    gateway: GatewayClient,
) -> None:
    known = []
    await gateway.sign_in()
    known.append(gateway.browser.cookies["zairyu_session"])
    headers = await gateway.sign_in()
    known.append(gateway.browser.cookies["zairyu_session"])
    stepped = await gateway.browser.post("/session/step-up", json={"code": CODE}, headers=headers)
    assert stepped.is_success, stepped.text
    known.append(gateway.browser.cookies["zairyu_session"])
    assert len(set(known)) == 3
    before_step_up = {"Cookie": f"zairyu_session={known[1]}"}
    gateway.browser.cookies.clear()
    assert (await gateway.browser.get("/session", headers=before_step_up)).status_code == 401
