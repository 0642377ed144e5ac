"""The gateway of `tests.gateway`, for the findings about it."""

from tests.gateway.conftest import gateway, people

__all__ = ["gateway", "people"]
