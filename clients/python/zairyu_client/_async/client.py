"""The client."""

from types import TracebackType
from typing import Self

import httpx

from zairyu_client._async.applications import AsyncApplications
from zairyu_client._async.certificates import AsyncCertificates
from zairyu_client._async.documents import AsyncDocuments
from zairyu_client._async.forms import AsyncForms
from zairyu_client._async.imports import AsyncImports
from zairyu_client._async.transport import AsyncTransport
from zairyu_client._async.webhooks import AsyncWebhooks
from zairyu_client.options import Options


class AsyncZairyu:
    """Asynchronous client of one site, signed in with the credentials of a connected system.

    Example::

        async with AsyncZairyu("https://zairyu.example", client_id, client_secret) as zairyu:
            draft = await zairyu.applications.begin("EXTEND", "ENG_HUM_INT", form)

    `http` is a client of your own, for a proxy or certificates; it is closed with this one.
    """

    def __init__(
        self,
        base_url: str,
        client_id: str,
        client_secret: str,
        *,
        options: Options | None = None,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        self._transport = AsyncTransport(base_url, client_id, client_secret, options or Options(), http)
        self.forms = AsyncForms(self._transport)
        self.applications = AsyncApplications(self._transport)
        self.documents = AsyncDocuments(self._transport)
        self.imports = AsyncImports(self._transport)
        self.certificates = AsyncCertificates(self._transport)
        self.webhooks = AsyncWebhooks(self._transport)

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
