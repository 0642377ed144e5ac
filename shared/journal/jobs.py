"""The clock's part in the journal: sealing every minute, and time stamps where a service for them is set."""

from datetime import timedelta

import httpx
from prometheus_client import Counter

from shared.journal.seals import Stamper, seal_new_rows, stamp_seals
from shared.timers.worker import Due, Job
from shared.work import Work

SEALED = Counter("zairyu_journal_sealed_rows_total", "Journal rows covered by a seal")
STAMPED = Counter("zairyu_journal_time_stamps_total", "Seals that got an RFC 3161 time stamp")


def sealing_jobs(timestamp_url: str | None) -> list[Job]:
    """Seal all new rows every minute; time-stamp the seals where `timestamp_url` names a service."""
    jobs = [Job("seal_journal", timedelta(minutes=1), _seal)]
    if timestamp_url is not None:
        jobs.append(Job("stamp_seals", timedelta(minutes=1), _stamping(rfc3161_stamper(timestamp_url))))
    return jobs


async def _seal(work: Work, _: Due) -> None:
    seal = await seal_new_rows(work.session, work.now)
    if seal is not None:
        SEALED.inc(seal.row_count)


def _stamping(stamp: Stamper):  # type: ignore[no-untyped-def]
    async def run(work: Work, _: Due) -> None:
        STAMPED.inc(await stamp_seals(work.session, stamp, work.now))

    return run


def rfc3161_stamper(url: str) -> Stamper:
    """Asks the time-stamping service at `url` (RFC 3161 over HTTP) for a token over a digest."""

    async def stamp(digest: bytes) -> bytes:
        from rfc3161_client import TimestampRequestBuilder, decode_timestamp_response

        request = TimestampRequestBuilder().data(digest).nonce(nonce=True).cert_request(cert_request=True).build()
        headers = {"Content-Type": "application/timestamp-query"}
        async with httpx.AsyncClient(timeout=5) as client:
            answer = await client.post(url, content=request.as_bytes(), headers=headers)
            answer.raise_for_status()
        # Decoding refuses an answer that is no granted token; the whole answer is kept as proof.
        decode_timestamp_response(answer.content)
        return answer.content

    return stamp
