"""The usage registration (利用申出): its start, its form, its documents, its receipt."""

from services.gateway.pages.entry.usage_registration import confirm, documents, draft, start

ROUTERS = [page.router for page in (start, draft, confirm, documents)]
