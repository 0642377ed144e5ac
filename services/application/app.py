"""Puts the application service together."""

from fastapi import FastAPI

from services.application.changes import api as changes
from services.application.filing import api as filing
from services.application.filing.domain.person_keys import PersonKeys
from services.application.finding.api import filters, lists, stays
from services.application.handlers import handlers
from services.application.jobs import jobs
from services.application.offer import api as offer
from services.application.postal_codes import api as postal_codes
from services.application.progress import api as progress
from services.application.proofs import api as proofs
from services.application.settings import Settings
from shared.clock import Clock
from shared.service import Runtime, assemble


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> FastAPI:
    """The service with everything it needs; nothing connects before it is used."""
    settings = settings or Settings()
    runtime = Runtime("application", settings, clock)
    return assemble(
        runtime,
        title="Zairyu applications",
        version="1.0.0",
        routers=[
            offer.router,
            # Before the routes of one application, whose id could be any word.
            lists.router,
            filters.router,
            stays.router,
            filing.router,
            filing.declarations_router,
            changes.router,
            progress.router,
            proofs.router,
            postal_codes.router,
        ],
        handlers=handlers(runtime.commands, PersonKeys.of(settings.person_key.get_secret_value())),
        jobs=jobs(settings),
        description="Drafts, the rules of filing, receipt numbers, and the progress an applicant sees.",
    )
