"""The approval desk: usage registrations (利用申出) and periodic reports (定期報告), from the queue to the decision."""

from services.gateway.pages.desk.registrations import downloads, overview, queue, steps

ROUTERS = [queue.router, overview.router, downloads.router, *steps.ROUTERS]
