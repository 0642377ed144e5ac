"""The payment provider as a server of the local stack."""

import sys
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from deploy.local.payment.app import CALLBACK_KEY, KEY
from deploy.local.ports import HOST
from deploy.local.process import Spec, plain_environment
from deploy.local.secrets import Secrets
from deploy.local.server import Server

_ROOT = Path(__file__).resolve().parents[3]


class PaymentProvider(Server):
    """Payments on 127.0.0.1, for the site of this stack alone."""

    name = "payment-provider"

    def __init__(self, directory: Path, port: int, gateway_port: int) -> None:
        super().__init__(directory)
        self.port = port
        self.url = f"http://{HOST}:{port}"
        self.callback_url = f"http://{HOST}:{gateway_port}/payments/callback"
        self._file = directory / "payments.json"
        self._secrets = Secrets(directory)

    @property
    def key(self) -> str:
        """The key by which the review service is known here."""
        return self._secrets.text("payment_key")

    @property
    def callback_key(self) -> str:
        """The key that signs notices."""
        return self._secrets.text("payment_callback_key")

    def prepare(self) -> Spec:
        module = [sys.executable, "-m", "deploy.local.payment"]
        return Spec(
            name=self.name,
            argv=[*module, HOST, str(self.port), self.callback_url, str(self._file)],
            env=plain_environment() | {KEY: self.key, CALLBACK_KEY: self.callback_key},
            directory=_ROOT,
            ports=[self.port],
        )

    def healthy(self) -> bool:
        with (
            suppress(urllib.error.URLError, OSError),
            urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer,
        ):
            return bool(answer.status == 200)
        return False
