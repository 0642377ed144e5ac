"""A filed application: case page, correction, requested documents, withdrawal, contact, and after the decision."""

from services.gateway.pages.portal.case import (
    after_grant,
    certificate,
    contact,
    correction,
    correction_files,
    correction_topic,
    payment,
    requested_documents,
    requested_files,
    visit,
    withdrawal,
)

ROUTERS = [
    page.router
    for page in (
        withdrawal,
        contact,
        requested_documents,
        requested_files,
        after_grant,
        certificate,
        payment,
        visit,
        correction,
        # Before the topics, among whose addresses its own would be.
        correction_files,
        correction_topic,
    )
]
