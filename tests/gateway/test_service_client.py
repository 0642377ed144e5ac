"""One client for every service: a page asks any of them as its visitor's session, or as nobody."""

from fastapi import Request

from services.gateway.edge.context import CurrentGateway
from services.gateway.pages.kit.client import ServiceClient, Session
from services.gateway.pages.kit.frame import PageLanguage, page_router
from services.gateway.pages.kit.visitor import CurrentVisitor
from tests.gateway.conftest import GatewayClient

HTML = {"Accept": "text/html", "Accept-Language": "en"}


def _add_pages(gateway: GatewayClient) -> None:
    """Pages that show what an application service answers."""
    router = page_router()

    @router.get("/probe/{path:path}")
    async def as_visitor(path: str, visitor: CurrentVisitor) -> object:
        return (await visitor.service("application").fetch(f"/v1/{path}")).body

    @router.get("/anonymous-probe")
    async def as_nobody(request: Request, desk: CurrentGateway, lang: PageLanguage) -> object:
        return (await ServiceClient("application", Session(request, desk, lang)).call("POST", "/v1/x", {})).body

    gateway.app.include_router(router)


async def test_a_page_asks_another_service_than_registration_as_its_visitor(gateway: GatewayClient) -> None:
    _add_pages(gateway)
    await gateway.sign_in()
    reached = (await gateway.browser.get("/probe/cases", headers=HTML)).json()
    assert (reached["service"], reached["path"], reached["method"]) == ("application", "/v1/cases", "GET")
    assert reached["headers"]["authorization"].startswith("Bearer ")
    assert (reached["headers"]["accept-language"], "idempotency-key" in reached["headers"]) == ("en", False)


async def test_a_session_that_another_service_refuses_leads_to_signing_in(gateway: GatewayClient) -> None:
    _add_pages(gateway)
    await gateway.sign_in()
    answer = await gateway.browser.get("/probe/applications/1/refused", headers=HTML)
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/sign-in")


async def test_a_page_for_everybody_asks_as_nobody_and_with_a_key_for_what_changes(gateway: GatewayClient) -> None:
    _add_pages(gateway)
    reached = (await gateway.browser.get("/anonymous-probe", headers=HTML)).json()
    assert "authorization" not in reached["headers"]
    assert reached["headers"]["idempotency-key"]
