# Generated from zairyu_client/_async by `python -m tests.clients`.
"""The client."""

from types import TracebackType
from typing import Self

import httpx

from zairyu_client._sync.applications import Applications
from zairyu_client._sync.certificates import Certificates
from zairyu_client._sync.documents import Documents
from zairyu_client._sync.forms import Forms
from zairyu_client._sync.imports import Imports
from zairyu_client._sync.transport import Transport
from zairyu_client._sync.webhooks import Webhooks
from zairyu_client.options import Options


class Zairyu:
    """Synchronous client of one site, signed in with the credentials of a connected system.

    Example::

        with Zairyu("https://zairyu.example", client_id, client_secret) as zairyu:
            draft = zairyu.applications.begin("EXTEND", "ENG_HUM_INT", form)

    `http` is a client of your own, for a proxy or certificates; it is closed with this one.
    """

    def __init__(
        self,
        base_url: str,
        client_id: str,
        client_secret: str,
        *,
        options: Options | None = None,
        http: httpx.Client | None = None,
    ) -> None:
        self._transport = Transport(base_url, client_id, client_secret, options or Options(), http)
        self.forms = Forms(self._transport)
        self.applications = Applications(self._transport)
        self.documents = Documents(self._transport)
        self.imports = Imports(self._transport)
        self.certificates = Certificates(self._transport)
        self.webhooks = Webhooks(self._transport)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
