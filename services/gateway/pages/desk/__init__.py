"""Pages of officers: what waits, cases and their next steps, registrations, accounts, officers, journals."""

from services.gateway.pages.desk import (
    accounts,
    card_desk,
    case_file,
    examiners,
    figures,
    inbox,
    journal,
    message_log,
    next_case,
    officers,
    payments,
    proposals,
    queue,
    registrations,
    retention,
    steps,
    waiting,
)
from services.gateway.pages.desk.steps import begun

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
    begun.router,
    *registrations.ROUTERS,
    *accounts.ROUTERS,
    *officers.ROUTERS,
    *journal.ROUTERS,
    inbox.router,
    *message_log.ROUTERS,
]
