"""The route of renewals: the stays that end in some days become the rows of an import."""

from fastapi import APIRouter, Response

from services.application.bulk.api.imports import Filer, Running
from services.application.bulk.commands import renewals
from services.application.bulk.schemas import RenewalsImport
from services.application.finding.api.stays import First, Last, days_of
from shared.clock import legal_date
from shared.http import PaperLanguage, refusals
from shared.http.commands import Once
from shared.service import CurrentRuntime

router = APIRouter(prefix="/v1/imports", tags=["imports"])


@router.post("/renewals", status_code=202, responses=refusals(409, 429))
async def begin_renewals(
    runtime: CurrentRuntime,
    actor: Filer,
    response: Response,
    running: Running,
    once: Once,
    lang: PaperLanguage,
    stay_from: First = None,
    stay_to: Last = None,
) -> RenewalsImport:
    """Begin the renewal of every stay that ends in these days and is not being renewed, with one request: an import
    whose workbook has a row for each, filled in with what can still be true. At most 1,000 at a time."""
    days = days_of(legal_date(runtime.clock.now()), stay_from, stay_to)
    begun = await once(renewals.begin_renewals, days, running.allowed, running.keys, lang)
    response.headers["Location"] = f"/v1/imports/{begun.id}"
    return begun
