"""Pages that anybody may open cost little, and what operators read is not among them."""

import httpx
import pytest

from services.gateway.edge import contracts
from shared.clock import SystemClock
from tests.gateway.conftest import GatewayClient
from tests.support.waiting import eventually


@pytest.fixture
def merges(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each time that the documents were merged."""
    made: list[int] = []
    merge = contracts.merge

    def counted(*arguments: object) -> object:
        made.append(1)
        return merge(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(contracts, "merge", counted)
    return made


async def test_the_interface_is_merged_once_for_all_readers(gateway: GatewayClient, merges: list[int]) -> None:
    """[attacks F7] 100 ms of the only thread at each request."""
    paths = ["/openapi.json", "/docs", "/docs?lang=en"] * 5
    answers = [await gateway.browser.get(path) for path in sorted(paths, reverse=True)]
    assert {answer.status_code for answer in answers} == {200}
    assert merges == [1]
    assert "/api/v1/applications/{application_id}" in answers[0].json()["paths"]
    assert "/api/v1/applications/{application_id}" in answers[-1].text


async def test_services_are_asked_again_after_a_while_and_merged_only_where_they_differ(
    gateway: GatewayClient, merges: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """[attacks F7] Readers are answered at once with what is known, and the services asked in the background."""
    first = await gateway.browser.get("/openapi.json")
    made = gateway.app.state.gateway.contracts
    for _ in range(3):
        made._asked = None
        await gateway.browser.get("/openapi.json")
        await eventually(lambda: made._asking is None and made._asked is not None)
    assert merges == [1]
    monkeypatch.setitem(made._seen, "application", b'{"paths": {}}')
    made._asked = None
    await gateway.browser.get("/openapi.json")
    await eventually(lambda: made._asking is None)
    assert (await gateway.browser.get("/openapi.json")).content == first.content
    assert made._clock.now() <= SystemClock().now()


async def test_a_reader_who_has_the_document_gets_304(gateway: GatewayClient) -> None:
    """[attacks F7] An ETag, and a minute in which caches answer."""
    first = await gateway.browser.get("/openapi.json")
    assert first.headers["cache-control"] == "public, max-age=60"
    again = await gateway.browser.get("/openapi.json", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/metrics", "/readyz", "/v1/application/operations/audit"])
async def test_operators_paths_are_not_on_the_public_port(gateway: GatewayClient, path: str) -> None:
    """[attacks F7] They cost 31 ms or a call to registration, and no limit applied."""
    for prefix in ("", "/api"):
        assert (await gateway.browser.get(f"{prefix}{path}")).status_code == 404


async def test_operators_have_a_port_of_their_own(gateway: GatewayClient) -> None:
    """[attacks F7] With readiness, metrics and the services' operator routes, and nothing else."""
    async with httpx.AsyncClient(base_url=gateway.operations, trust_env=False) as operators:
        assert (await operators.get("/readyz")).json()["status"] == "ready"
        assert "zairyu_http_request_seconds" in (await operators.get("/metrics")).text
        passed = await operators.get("/api/v1/application/operations/audit")
        assert (passed.status_code, passed.json()["path"]) == (200, "/v1/application/operations/audit")
        assert (await operators.get("/api/v1/applications/1")).status_code == 404
        assert (await operators.get("/sign-in")).status_code == 404
