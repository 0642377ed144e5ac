"""Routes of the card office's desk, and of applicants for their counter visit."""

from services.review.card_desk.api import batches, scans, visits

ROUTERS = (scans.router, batches.router, visits.router, visits.desk_router)
