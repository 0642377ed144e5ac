"""The gateway of `tests.gateway` and the document service of its tests, for the findings about them."""

from tests.gateway.conftest import gateway, people
from tests.services.document.conftest import documents, open_documents

__all__ = ["documents", "gateway", "open_documents", "people"]
