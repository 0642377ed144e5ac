"""The OpenAPI documents of the services that the client speaks to, made once."""

from functools import cache
from typing import Any

from tests.fuzz import documents


@cache
def document(service: str) -> dict[str, Any]:
    """The document of one service."""
    return documents.document(service)
