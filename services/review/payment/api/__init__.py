"""Routes of payments: of the card office, of applicants, and of the payment provider."""

from services.review.payment.api import callbacks, desk, online, slip

ROUTERS = (slip.router, online.router, callbacks.router, desk.router)
