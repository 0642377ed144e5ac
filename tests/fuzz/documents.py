"""The OpenAPI documents of all services and of the gateway, made without running any."""

from importlib import import_module
from typing import Any

from services.gateway.app import create_app
from services.gateway.settings import Settings
from tests.support import keys

_NOWHERE = {"database_url": "postgresql+asyncpg://nobody:nothing@127.0.0.1:1/nowhere", "parts": "api"}
_STORE = {"s3_access_key": "unused", "s3_secret_key": "unused"}


def document(name: str) -> dict[str, Any]:
    """The document of one service, or of the gateway's own interface."""
    if name == "gateway":
        return create_app(Settings()).openapi()
    package = import_module(f"services.{name}.app")
    values = {**_NOWHERE, **_STORE, **keys.secrets(name)}
    made: dict[str, Any] = package.create_app(import_module(f"services.{name}.settings").Settings(**values)).openapi()
    return made
