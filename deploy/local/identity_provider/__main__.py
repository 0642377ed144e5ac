"""`python -m deploy.local.identity_provider PORT CLIENT_ID REDIRECT_URI`; the client's secret is in the environment."""

import os
import sys

import uvicorn

from deploy.local.identity_provider.app import Client, Provider, create_app
from deploy.local.identity_provider.server import SECRET
from deploy.local.ports import HOST
from shared.clock import SystemClock


def main() -> None:
    """Serve until stopped."""
    port, client_id, redirect_uri = sys.argv[1:]
    client = Client(client_id, os.environ[SECRET], redirect_uri)
    provider = Provider(f"http://{HOST}:{port}", client, SystemClock().now)
    uvicorn.run(create_app(provider), host=HOST, port=int(port), log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
