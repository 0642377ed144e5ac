"""The identity provider as a server of the local stack. It keeps nothing: a restart makes a new key."""

import sys
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from deploy.local.ports import HOST
from deploy.local.process import Spec, plain_environment
from deploy.local.secrets import Secrets
from deploy.local.server import Server

CLIENT_ID = "zairyu"
SECRET = "ZAIRYU_LOCAL_OIDC_CLIENT_SECRET"  # noqa: S105 - the name of a variable
_ROOT = Path(__file__).resolve().parents[3]


class IdentityProvider(Server):
    """OpenID Connect on 127.0.0.1, for the gateway of this stack alone."""

    name = "identity-provider"

    def __init__(self, directory: Path, port: int, gateway_port: int) -> None:
        super().__init__(directory)
        self.port = port
        self.issuer = f"http://{HOST}:{port}"
        self.redirect_uri = f"http://{HOST}:{gateway_port}/identity/callback"
        self._secrets = Secrets(directory)

    @property
    def client_secret(self) -> str:
        """The secret that the registration service sends to the token endpoint."""
        return self._secrets.text("oidc_client_secret")

    def prepare(self) -> Spec:
        return Spec(
            name=self.name,
            argv=[
                sys.executable,
                "-m",
                "deploy.local.identity_provider",
                str(self.port),
                CLIENT_ID,
                self.redirect_uri,
            ],
            env=plain_environment() | {SECRET: self.client_secret},
            directory=_ROOT,
            ports=[self.port],
        )

    def healthy(self) -> bool:
        with (
            suppress(urllib.error.URLError, OSError),
            urllib.request.urlopen(f"{self.issuer}/healthz", timeout=2) as answer,
        ):
            return bool(answer.status == 200)
        return False
