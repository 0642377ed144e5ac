"""Several applications at once: those that were chosen on the list, or all that its search finds."""

from services.gateway.pages.portal.several import deletion, documents, handover, withdrawal

ROUTERS = [page.router for page in (handover, documents, withdrawal, deletion)]
