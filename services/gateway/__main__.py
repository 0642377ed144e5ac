"""`python -m services.gateway`."""

import uvicorn

from services.gateway.app import create_app
from services.gateway.settings import Settings
from shared import logging, tracing


def main() -> None:
    """Serve until stopped."""
    settings = Settings.read()
    logging.configure("gateway", settings.log_level)
    provider = tracing.configure("gateway", settings.otlp_endpoint)
    try:
        uvicorn.run(
            create_app(settings),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            # uvicorn would believe every local caller's X-Forwarded-For; only named proxies are believed here.
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=settings.trusted_proxies,
            timeout_graceful_shutdown=20,
        )
    finally:
        if provider is not None:
            provider.shutdown()


if __name__ == "__main__":
    main()
