"""A draft from its first answer to its submission: overview, topics, photo, documents, contact, review."""

from services.gateway.pages.portal.filing import (
    contact,
    documents,
    overview,
    ownership,
    photo,
    review,
    selection,
    topic,
    viewing,
)

ROUTERS = [page.router for page in (overview, ownership, selection, topic, photo, documents, viewing, contact, review)]
