"""A client that sends slowly, or nothing, or does not read, holds a place of its own and nobody else's."""

import asyncio
import json

import pytest

from shared.http.connections import Connections
from shared.http.limits import ServerLimits
from tests.gateway.conftest import LOGIN, GatewayClient, site
from tests.support.raw import RawAnswer, answer_of, connect, request, sent
from tests.support.waiting import eventually

_JSON = b"Content-Type: application/json\r\n"
SLOW = b"POST /api/v1/password-resets HTTP/1.1\r\nHost: t\r\n" + _JSON + b"Content-Length: 1000\r\n\r\n{"
SLOW_FILE = b"POST /api/v1/documents HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\n\r\n"
QUICK = ServerLimits(head_seconds=0.1, body_seconds=0.1, body_bytes_per_second=10**9, lingering_seconds=0.1)


async def opened(
    gateway: GatewayClient, count: int, start: bytes
) -> list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    held = [await connect(gateway.url) for _ in range(count)]
    for _, writer in held:
        writer.write(start)
        await writer.drain()
    return held


async def closed(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(20):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""


@pytest.mark.parametrize("start", [SLOW, SLOW_FILE + b"x", SLOW_FILE + b"x" * 65_536], ids=["form", "file", "piece"])
async def test_105_slow_bodies_leave_everything_else_at_full_service(gateway: GatewayClient, start: bytes) -> None:
    """[attacks F2] 100 held all connections to registration for as long as wished."""
    held = await opened(gateway, 105, start)
    files = gateway.app.state.gateway.files
    if len(start) > 65_536:
        # Those that have sent a piece of a file hold connections to the document service: as many as one address may.
        await eventually(lambda: gateway.app.state.gateway.upstreams.in_use("document") == files._limit)
    for _ in range(3):
        assert (await gateway.browser.get("/healthz")).status_code == 200
        assert (await gateway.browser.get("/sign-in")).status_code == 200
        assert (await gateway.browser.get("/api/v1/applications/1")).status_code == 200
        signed = await gateway.browser.post("/session", json=LOGIN, headers={"Origin": gateway.url})
        assert signed.status_code == 201
        assert (await gateway.browser.get("/session")).status_code == 200
    assert gateway.app.state.gateway.upstreams.in_use("registration") == 0, "no body has arrived, so nobody was called"
    for _, writer in held:
        writer.transport.abort()


@pytest.mark.parametrize(
    ("start", "status"),
    [(b"GET / HTTP/1.1\r\nHost: t\r\nX-Slow: ", 408), (SLOW, 408), (SLOW_FILE, 408), (b"", None)],
    ids=["head", "body", "file", "nothing at all"],
)
async def test_what_does_not_arrive_in_its_time_is_refused(start: bytes, status: int | None) -> None:
    """[attacks F2] Neither heads nor bodies had a time at the gateway."""
    async with site(QUICK) as gateway:
        reader, writer = await connect(gateway.url)
        writer.write(start)
        if status is not None:
            answer = await answer_of(reader)
            assert (answer.status, answer.code) == (status, "too-slow")
        assert await closed(reader) == b""
        writer.close()


async def test_a_head_that_comes_byte_by_byte_does_not_get_more_time() -> None:
    """[attacks F2] The time is that of the whole head, and begins again with no byte of it."""
    async with site(QUICK) as gateway:
        reader, writer = await connect(gateway.url)
        answer = asyncio.create_task(answer_of(reader))
        writer.write(b"GET / HTTP/1.1\r\nHost: t\r\nX-Slow: ")

        def another_byte() -> bool:
            writer.write(b"x")
            return answer.done()

        await eventually(another_byte)
        assert (await answer).status == 408
        writer.close()


async def test_a_slow_second_request_on_a_connection_has_no_more_time_than_the_first() -> None:
    """[attacks F2] The time begins with the first byte after an answer."""
    async with site(QUICK) as gateway:
        reader, writer = await connect(gateway.url)
        writer.write(request("GET", "/healthz"))
        assert (await answer_of(reader)).status == 200
        writer.write(b"GET /healthz HTTP/1.1\r\nX-Slow: ")
        assert (await answer_of(reader)).status == 408
        writer.close()


async def test_a_body_that_arrives_steadily_has_the_time_it_needs() -> None:
    """[attacks F2] A slow line is no attack: each piece of a body brings it more time."""
    async with site(ServerLimits(body_seconds=0.1, body_bytes_per_second=1)) as gateway:
        steady = await connect(gateway.url)
        steady[1].write(SLOW_FILE + b"x" * 10_000)
        # One that began later and sent nothing is refused: the time for which nothing is asked has passed.
        assert (await sent(gateway.url, SLOW_FILE)).status == 408
        steady[1].write(b"x" * 990_000)
        answer = await answer_of(steady[0])
        assert (answer.status, answer.json()["size"]) == (200, 1_000_000)
        steady[1].close()


async def test_an_answer_that_nobody_takes_is_broken_off() -> None:
    """[attacks F2] A client that does not read holds a connection to a service, as does one that does not send."""
    async with site(ServerLimits(answer_seconds=0.1)) as gateway:
        held = []
        for _ in range(5):
            reader, writer = await connect(gateway.url)
            reader._transport.pause_reading()  # type: ignore[attr-defined]
            writer.write(request("GET", "/api/v1/documents/large") * 20)
            held.append(writer)
        await eventually(lambda: gateway.app.state.gateway.upstreams.in_use("document") == 0)
        for writer in held:
            writer.transport.abort()


async def test_an_address_has_so_many_connections_and_the_one_silent_longest_gives_way() -> None:
    """[attacks F2] Connections that send nothing, or keep a place after an answer, are bounded per address."""
    async with site(connections_per_address=3) as gateway:
        first, *others = await opened(gateway, 3, b"")
        # In the register before the next one comes: each has an answer, and the first is silent since then.
        for reader, writer in (first, *others):
            writer.write(request("GET", "/healthz"))
            assert (await answer_of(reader)).status == 200
        assert (await sent(gateway.url, request("GET", "/healthz"))).status == 200
        assert await closed(first[0]) == b"", "it gave way"
        reader, writer = others[-1]
        writer.write(request("GET", "/healthz"))
        assert (await answer_of(reader)).status == 200


async def test_a_connection_that_is_being_answered_does_not_give_way() -> None:
    """[attacks F2] If all connections of an address are being answered, a further one is refused in words."""
    async with site(connections_per_address=1) as gateway:
        gateway.registration.may_end.clear()
        headers = await gateway.sign_in()
        leaving = asyncio.create_task(gateway.browser.delete("/session", headers=headers))
        await eventually(lambda: gateway.registration.ending == 1)
        answer = await sent(gateway.url, request("GET", "/healthz"))
        assert (answer.status, answer.code) == (429, "too-many-connections")
        gateway.registration.may_end.set()
        assert (await leaving).status_code == 204


def test_where_the_port_is_full_the_address_with_the_most_connections_gives_way() -> None:
    """[attacks F2] A single visitor gets in beside a crowd of one stranger's connections."""

    class Idle:
        waiting = True

        def __init__(self, address: str, received: float) -> None:
            self.address, self.last_received, self.gone = address, received, False

        def give_way(self) -> None:
            self.gone = True

    register = Connections(ServerLimits(connections=10))
    visitor, crowd = Idle("visitor", 0), [Idle("crowd", number + 1) for number in range(9)]
    assert all(register.admit(each) for each in (visitor, *crowd))
    assert register.admit(Idle("another", 99))
    assert [each.gone for each in (visitor, *crowd)] == [False, True, *[False] * 8]
    assert len(register) == 10
    for each in (*crowd, visitor):
        register.remove(each)
        register.remove(each)
    assert len(register) == 1


def test_proxies_have_as_many_connections_as_they_need() -> None:
    """[attacks F2] Behind a trusted proxy's address are many callers, however the setting names it."""

    class Busy:
        waiting = False
        last_received = 0.0

        def __init__(self, address: str) -> None:
            self.address = address

        def give_way(self) -> None:
            raise AssertionError("it is being answered")

    register = Connections(ServerLimits(connections_per_address=1), ["10.0.0.0/8", "192.0.2.1", "2001:db8::1", "x"])
    for address, taken in (("10.9.9.9", 3), ("192.0.2.1", 3), ("2001:db8::/64", 3), ("192.0.2.2", 1), ("unknown", 1)):
        assert [register.admit(Busy(address)) for _ in range(3)] == [number < taken for number in range(3)], address
    assert all(Connections(ServerLimits(connections_per_address=1), ["*"]).admit(Busy("8.8.8.8")) for _ in range(3))


async def test_requests_at_once_are_bounded_per_address_and_per_session() -> None:
    """[attacks F2] The next one has to wait; what is free again is free at once."""
    async with site(requests_in_progress=2, session_requests_in_progress=1) as gateway:
        headers = await gateway.sign_in()
        gateway.registration.may_end.clear()
        leaving = asyncio.create_task(gateway.browser.delete("/session", headers=headers))
        await eventually(lambda: gateway.registration.ending == 1)
        busy = await gateway.browser.get("/session")
        assert (busy.status_code, busy.json()["code"], busy.headers["retry-after"]) == (429, "too-many-at-once", "1")
        # Without the session it is the address that counts, and that has one left.
        assert (await sent(gateway.url, request("GET", "/"))).status == 200
        assert (await gateway.browser.get("/healthz")).status_code == 200
        gateway.registration.may_end.set()
        assert (await leaving).status_code == 204
        assert gateway.app.state.gateway.at_once._callers == {}
        assert gateway.app.state.gateway.session_at_once._callers == {}


async def test_more_files_at_once_than_an_address_may_send_have_to_wait() -> None:
    """[attacks F2] Files are passed on while they arrive, so each holds a connection for its sender's time."""
    async with site(files_in_progress=2) as gateway:
        held = await opened(gateway, 2, SLOW_FILE + b"x" * 65_536)
        await eventually(lambda: gateway.app.state.gateway.upstreams.in_use("document") == 2)
        reader, writer = await connect(gateway.url)
        writer.write(SLOW_FILE + b"x" * 65_536)
        answer: RawAnswer = await answer_of(reader)
        assert (answer.status, answer.code) == (429, "too-many-at-once")
        for _, each in [*held, (reader, writer)]:
            each.transport.abort()
        await eventually(lambda: gateway.app.state.gateway.upstreams.in_use("document") == 0)
        assert (await gateway.browser.post("/api/v1/documents", content=b"x" * 100_000)).status_code == 200


async def test_the_gateways_own_calls_have_connections_of_their_own(gateway: GatewayClient) -> None:
    """[attacks F2] Strangers' requests that a service does not answer leave sessions and pages alone."""
    upstreams = gateway.app.state.gateway.upstreams
    lanes = {lane for service, lane in upstreams._clients if service == "registration"}
    assert lanes == {"own", "passed", "files", "again"}
    await upstreams._clients["registration", "passed"].close()
    await upstreams._clients["registration", "files"].close()
    answer = await gateway.browser.post("/session", json=LOGIN, headers={"Origin": gateway.url})
    assert answer.status_code == 201
    assert json.loads(answer.content)["roles"] == ["org_staff"]
