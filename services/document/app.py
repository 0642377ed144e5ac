"""The document service put together."""

from datetime import timedelta

import structlog
from fastapi import FastAPI

from services.document.archives import api as archives
from services.document.archives.commands.steps import step
from services.document.archives.commands.taking import STEP
from services.document.checks.pool import CheckPool, Limits
from services.document.files import domain
from services.document.files.api import FORM_BYTES, router, uploads_router
from services.document.files.commands.encryption import Encryption
from services.document.files.commands.hashes import Hashes
from services.document.files.commands.incoming import Incoming
from services.document.files.commands.scans import Scans, scan_jobs
from services.document.files.commands.snapshots import DOCUMENTS
from services.document.files.commands.uploads import Uploads
from services.document.files.domain import Allowance, Quota, Tickets
from services.document.files.store.documents import LEFTOVERS
from services.document.files.store.scans import WAITING as SCANS
from services.document.files.store.scans import signatures
from services.document.files.store.spending import refused_recently
from services.document.following import FOLLOWING
from services.document.handlers import handlers
from services.document.invariants import INVARIANTS
from services.document.jobs import jobs
from services.document.objects import ObjectStore, S3Objects
from services.document.previews import api as previews
from services.document.previews.commands.releasing import release_photo
from services.document.previews.commands.showing import Previews
from services.document.retention import api as retention
from services.document.retention.commands.rebuilding import PROJECTIONS
from services.document.scanner import SCANNER_AWAY, Clamd, Scanner
from services.document.settings import Settings
from shared.clock import Clock
from shared.events.document import DocumentEventsCounted
from shared.http.limits import ARCHIVE_BODY
from shared.service import Runtime, assemble
from shared.timers import TimerWorker

log = structlog.get_logger(__name__)


def create_app(
    settings: Settings | None = None,
    clock: Clock | None = None,
    objects: ObjectStore | None = None,
    scanner: Scanner | None = None,
) -> FastAPI:
    """The application; `objects` and `scanner` take the place of those that the settings name."""
    settings = settings or Settings()
    runtime = Runtime("document", settings, clock)
    on_stop = []
    if objects is None:
        s3 = S3Objects(
            settings.s3_endpoint,
            settings.s3_access_key,
            settings.s3_secret_key.get_secret_value(),
            settings.s3_bucket,
            region=settings.s3_region,
            public_endpoint=settings.s3_public_endpoint,
        )
        on_stop.append(s3.close)
        objects = s3
    hashes = Hashes(runtime.commands, objects)
    limits = Limits(settings.check_cpu_seconds, settings.check_wall_seconds, settings.check_memory_mb)
    pool = CheckPool(settings.check_processes, limits, settings.check_queue, settings.check_queue_owner)
    on_stop.append(pool.close)
    quota = Quota(settings.quota_files, settings.quota_mb * 1024 * 1024)
    allowance = Allowance(settings.check_seconds_hour, settings.refused_files_hour)
    if scanner is None and settings.clamd is not None:
        scanner = Clamd(settings.clamd)
    if scanner is None:
        log.warning("scans.no_scanner")
    scans = Scans(scanner)
    uploads = Uploads(runtime.commands, pool, scans, objects, hashes, quota, allowance)
    incoming = Incoming(runtime.commands, objects)
    encryption = Encryption(objects, settings.s3_encryption_required)
    tickets = Tickets(settings.preview_key.get_secret_value(), timedelta(seconds=settings.preview_seconds))
    scanning = TimerWorker(runtime.commands, {}, scan_jobs(scans, objects, timedelta(days=settings.rescan_days)))
    # One more than can be checked at the same time: the next file is there when a place is free.
    archived = TimerWorker(runtime.commands, {STEP: step(uploads, objects, settings.check_processes + 1)})
    app = assemble(
        runtime,
        title="Zairyu documents",
        version="1",
        routers=[router, uploads_router, archives.router, previews.router, retention.router],
        following=FOLLOWING,
        invariants=INVARIANTS,
        counted=DocumentEventsCounted,
        handlers=handlers(runtime.commands, release_photo(pool, objects)),
        projections=PROJECTIONS,
        snapshot_sources=[DOCUMENTS],
        jobs=jobs(settings, objects, hashes),
        checks={"object-store": objects.check, "encryption": encryption.check},
        on_stop=on_stop,
        queues=[SCANS, LEFTOVERS],
        numbers=[refused_recently, signatures],
        background={"archives": archived.run, "scans": scanning.run},
        workers=[archived, scanning],
        watches={SCANNER_AWAY: scanner.version} if scanner else {},
        larger_bodies={"/v1/documents": domain.MAX_FILE_BYTES + FORM_BYTES, "/v1/archives": ARCHIVE_BODY},
    )
    app.state.objects = objects
    app.state.hashes = hashes
    app.state.uploads = uploads
    app.state.scans = scans
    app.state.incoming = incoming
    encryption.notices = app.state.readiness.notices
    app.state.tickets = tickets
    app.state.previews = Previews(runtime.commands, objects, pool, hashes, scans, uploads, tickets)
    return app
