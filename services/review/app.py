"""Puts the review service together."""

from fastapi import FastAPI

from services.review import jobs
from services.review.api import ROUTERS
from services.review.api.refusals import refused
from services.review.domain.refusal import Refused
from services.review.handlers import handlers
from services.review.settings import Settings
from shared.clock import Clock
from shared.service import Runtime, assemble


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> FastAPI:
    """The application; without settings they are read from the environment."""
    runtime = Runtime("review", settings or Settings(), clock)
    app = assemble(
        runtime,
        title="Zairyu review",
        version="1",
        description="Cases: examination, requests for documents, decision by two officers, fee, card.",
        routers=ROUTERS,
        handlers=handlers(runtime.commands),
        timers=jobs.TIMERS,
        jobs=jobs.JOBS,
    )
    app.add_exception_handler(Refused, refused)
    return app
