"""`python -m services.gateway`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

import shared.importing  # noqa: F401 - before what takes long to import
from services.gateway.app import create_app
from services.gateway.settings import Settings
from shared import logging, tracing
from shared.http import server


def main() -> None:
    """Serve the public port and the operators' one until stopped."""
    settings = Settings.read()
    logging.configure("gateway", settings.log_level)
    provider = tracing.configure("gateway", settings.otlp_endpoint)
    app = create_app(settings)

    @asynccontextmanager
    async def with_operations() -> AsyncIterator[None]:
        operations: FastAPI = app.state.operations
        async with server.listening(operations, settings.operations_host, settings.operations_port):
            yield

    try:
        server.run(
            app,
            beside=with_operations,
            host=settings.host,
            port=settings.port,
            # uvicorn would believe every local caller's X-Forwarded-For; only named proxies are believed here.
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=settings.trusted_proxies,
            exempt=settings.trusted_proxies.split(","),
            timeout_graceful_shutdown=20,
        )
    finally:
        if provider is not None:
            provider.shutdown()


if __name__ == "__main__":
    main()
