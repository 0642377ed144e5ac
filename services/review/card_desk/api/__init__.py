"""Routes of the card office's desk, and of applicants for their counter visit."""

from services.review.card_desk.api import batches, counter, scans, visits

ROUTERS = (scans.router, counter.router, batches.router, visits.router, visits.desk_router)
