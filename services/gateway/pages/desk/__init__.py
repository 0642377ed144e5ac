"""Pages of officers: what waits, the queue, the next case, the examiners of an office, a case, and its next steps."""

from services.gateway.pages.desk import (
    card_desk,
    case_file,
    examiners,
    figures,
    next_case,
    payments,
    proposals,
    queue,
    retention,
    steps,
    waiting,
)

ROUTERS = [
    waiting.router,
    figures.router,
    queue.router,
    proposals.router,
    next_case.router,
    examiners.router,
    examiners.steps,
    payments.router,
    card_desk.router,
    *case_file.ROUTERS,
    steps.router,
    retention.router,
]
