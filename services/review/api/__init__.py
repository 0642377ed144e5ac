"""HTTP: one router per room of the office, and the reading side."""

from services.review.api import card_office, chief, examiner, reading

ROUTERS = (reading.router, examiner.router, chief.router, card_office.router)

__all__ = ["ROUTERS"]
