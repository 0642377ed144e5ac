"""HTTP: the queue, who has a case, and the examiners of an office."""

from services.review.allocation.api import assignment, examiners, queue

ROUTERS = (queue.router, assignment.router, examiners.router)
