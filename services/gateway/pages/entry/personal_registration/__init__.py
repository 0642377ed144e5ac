"""The registration of a person whose identity was proved."""

from services.gateway.pages.entry.personal_registration import documents, form

ROUTERS = [page.router for page in (documents, form)]
