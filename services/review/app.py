"""Puts the review service together."""

from fastapi import FastAPI

from services.review import jobs
from services.review.allocation import api as allocation
from services.review.card_desk import api as card_desk
from services.review.cards import api as cards
from services.review.case_view import api as case_view
from services.review.cases import api as cases
from services.review.cases.commands.rebuilding import CASES
from services.review.cases.commands.snapshots import CASES as OWN_CASES
from services.review.cases.domain.refusal import Refused
from services.review.cases.problems import refused
from services.review.certificates import api as certificates
from services.review.contacts import api as contacts
from services.review.decision import api as decision
from services.review.examination import api as examination
from services.review.figures import api as figures
from services.review.following import FOLLOWING
from services.review.handlers import handlers
from services.review.invariants import INVARIANTS
from services.review.payment import api as payment
from services.review.payment.store.reconciliation import DIFFERENCES
from services.review.payment_provider.http import HttpProvider
from services.review.settings import Settings
from shared.clock import Clock
from shared.events.review import ReviewEventsCounted
from shared.service import Runtime, assemble

# `examination` has `/checklist`, `decision` `/proposals` and `contacts` `/undelivered`, which must be found before
# `/{case_id}` of `case_view`.
ROUTERS = (
    decision.several,
    *allocation.ROUTERS,
    *(wing.router for wing in (examination, decision)),
    *payment.ROUTERS,
    *(wing.router for wing in (contacts, cards, certificates, cases, case_view)),
    *card_desk.ROUTERS,
    case_view.notices_router,
    figures.router,
)


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> FastAPI:
    """The application; without settings they are read from the environment."""
    settings = settings or Settings()
    runtime = Runtime("review", settings, clock)
    provider = None
    if settings.payment_url:
        provider = HttpProvider(settings.payment_url, settings.payment_key.get_secret_value())
    timers = jobs.TIMERS | jobs.payment_timers(provider)
    app = assemble(
        runtime,
        title="Zairyu review",
        version="1",
        description="Cases: examination, requests for documents, decision by two officers, fee, card.",
        routers=ROUTERS,
        following=FOLLOWING,
        invariants=INVARIANTS,
        counted=ReviewEventsCounted,
        handlers=handlers(runtime.commands),
        projections=[CASES],
        snapshot_sources=[OWN_CASES],
        timers=timers,
        jobs=(*jobs.JOBS, *jobs.payment_jobs(provider)),
        on_stop=[provider.close] if provider else [],
        queues=[DIFFERENCES],
    )
    app.state.payment_provider = provider
    app.state.timers = timers
    app.add_exception_handler(Refused, refused)
    return app
