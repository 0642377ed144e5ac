"""Puts the application service together."""

from fastapi import FastAPI

from services.application.bulk.api import imports as bulk
from services.application.bulk.api import receipts, renewals
from services.application.bulk.commands.running import Imports
from services.application.bulk.domain.limits import Allowed
from services.application.certificates import api as certificates
from services.application.changes import api as changes
from services.application.changes.commands.snapshots import applications
from services.application.filing import api as filing
from services.application.filing.domain.person_keys import PersonKeys
from services.application.finding.api import export, filters, lists, stays
from services.application.following import FOLLOWING
from services.application.handlers import handlers
from services.application.invariants import FACTS, INVARIANTS
from services.application.jobs import jobs
from services.application.known.commands.rebuilding import PROJECTIONS
from services.application.offer import api as offer
from services.application.papers.signing import PdfSigner
from services.application.postal_codes import api as postal_codes
from services.application.progress import api as progress
from services.application.proofs import api as proofs
from services.application.settings import Settings
from services.application.sheets.confined import BookReader, ReadingLimits
from shared.clock import Clock
from shared.events.application import ApplicationEventsCounted
from shared.http.limits import BOOK_BODY
from shared.service import Runtime, assemble
from shared.timers import TimerWorker

# A transaction waits for the file: it may be idle for a minute at most.
_READING_SECONDS = 40.0


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> FastAPI:
    """The service with everything it needs; nothing connects before it is used."""
    settings = settings or Settings()
    runtime = Runtime("application", settings, clock)
    keys = PersonKeys.of(settings.person_key.get_secret_value())
    books = BookReader(settings.import_workers, ReadingLimits(wall_seconds=_READING_SECONDS))
    allowed = Allowed(settings.imports_in_progress, settings.imports_kept)
    imports = Imports(books, keys, allowed, settings.import_days)
    workers = [TimerWorker(runtime.commands, imports.timers()) for _ in range(settings.import_workers)]
    pdf_signer = (
        PdfSigner.of_file(settings.certificate_signer_file, settings.certificate_signer_password.get_secret_value())
        if settings.certificate_signer_file
        else PdfSigner.self_signed(settings.proof_key.get_secret_value())
    )
    app = assemble(
        runtime,
        title="Zairyu applications",
        version="1.0.0",
        routers=[
            offer.router,
            # Before the routes of one application, whose id could be any word.
            lists.router,
            export.router,
            filters.router,
            stays.router,
            filing.router,
            filing.declarations_router,
            bulk.router,
            renewals.router,
            receipts.router,
            bulk.selection_router,
            changes.router,
            progress.router,
            proofs.router,
            certificates.router,
            certificates.links_router,
            certificates.designation_router,
            postal_codes.router,
        ],
        following=FOLLOWING,
        invariants=INVARIANTS,
        counted=ApplicationEventsCounted,
        facts=FACTS,
        snapshot_sources=[applications(keys)],
        projections=PROJECTIONS,
        handlers=handlers(runtime.commands, keys, settings.public_url),
        jobs=[*jobs(settings), imports.job()],
        workers=workers,
        background={f"imports-{number}": worker.run for number, worker in enumerate(workers, start=1)},
        larger_bodies={"/v1/imports": BOOK_BODY},
        description="Drafts, the rules of filing, receipt numbers, and the progress an applicant sees.",
    )
    app.state.imports = imports
    app.state.pdf_signer = pdf_signer
    return app
