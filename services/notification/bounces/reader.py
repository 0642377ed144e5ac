"""The loop that reads the mailbox of reports.

A report is marked as read once what follows from it is committed. A process that dies in between leaves it unread, and
reading it twice changes nothing: each round of a message comes back once (docs/decisions/0793).
"""

import asyncio
from datetime import timedelta

import structlog

from services.notification.bounces.commands import take_failure
from services.notification.bounces.domain.reports import MOST_BYTES, Outcome, Report, read_report
from services.notification.bounces.mailbox import Kept, ReportMailbox, Unreadable
from services.notification.bounces.metrics import LAST_READ, REPORTS
from services.notification.bounces.schemas import Taken
from services.notification.channels.mail.return_paths import ReturnPaths
from services.notification.suppression.commands import Return
from shared.auth import Actor
from shared.messaging.retry import is_race, is_transient
from shared.tasks import contained
from shared.work import Commands, RequestIdentity

log = structlog.get_logger(__name__)

_AT_ONCE = 20
# So many mails may wait for another attempt to record them. Each is read again with every look into the mailbox.
MOST_PUT_OFF = 40
# Read mails stay in the mailbox for people to look at, those that were not understood above all.
KEPT = timedelta(days=30)
_BETWEEN_ERASURES = timedelta(hours=1)


class ReportReader:
    """Reads `mailbox` every `seconds`. Any number of processes may run one each."""

    def __init__(self, work: Commands, mailbox: ReportMailbox, paths: ReturnPaths, *, seconds: float) -> None:
        self._commands = work
        self._mailbox = mailbox
        self._paths = paths
        self._seconds = seconds
        self._actor = Actor.system(f"{work.keys.source}/reports")
        # Keys of mails whose record failed for a passing reason: tried again, and in nobody's way.
        self._put_off: set[str] = set()
        self._erased_at = work.clock.now()

    async def run(self) -> None:
        """Read until cancelled; a mailbox or database that is away is tried again."""
        while True:
            try:
                with contained():
                    while await self.read_once():
                        pass
                    await self._erase()
            except Unreadable as error:
                log.warning("mail_reports.not_read", reason=str(error))
            except Exception as error:  # the loop must outlive whatever happens to one round
                log.error("mail_reports.round_failed", error_type=type(error).__name__)
            await asyncio.sleep(self._seconds)

    async def read_once(self) -> int:
        """Read some unread mails; the number of those that are done.

        While `MOST_PUT_OFF` wait for another attempt, only these are tried: the database is away, and the mailbox keeps
        the others.
        """
        fresh_places = min(_AT_ONCE, MOST_PUT_OFF - len(self._put_off))
        found = await asyncio.to_thread(self._mailbox.unread, fresh_places + len(self._put_off), MOST_BYTES)
        LAST_READ.set(self._commands.clock.now().timestamp())
        # What is gone, or not among the first any more, is forgotten here; the mailbox knows that it is unread.
        self._put_off &= {mail.key for mail in found}
        fresh = [mail for mail in found if mail.key not in self._put_off][:fresh_places]
        understood: dict[str, bool] = {}
        # Those that were put off are tried once more where nothing else waits.
        for mail in fresh or found:
            try:
                with contained():
                    understood[mail.key] = await self._take(mail)
            except Exception as error:
                self._fail(mail, error, understood)
        if understood:
            await asyncio.to_thread(self._mailbox.mark, understood)
            self._put_off -= understood.keys()
        return len(understood)

    def _fail(self, mail: Kept, error: Exception, understood: dict[str, bool]) -> None:
        """Put a mail off whose record failed for a passing reason. What another attempt cannot record is flagged for
        people: such mails, which anybody may send, would hold up all others."""
        passing = is_transient(error) or is_race(error)
        log.warning("mail_reports.not_recorded", error_type=type(error).__name__, flagged=not passing)
        if passing:
            self._put_off.add(mail.key)
        else:
            REPORTS.labels(Outcome.NOT_UNDERSTOOD.value).inc()
            understood[mail.key] = False

    async def _take(self, mail: Kept) -> bool:
        """Do what a mail says; whether it was understood."""
        report = await asyncio.to_thread(read_report, mail.raw, self._paths.find)
        outcome: str = report.outcome.value
        if report.outcome is Outcome.FAILED:
            taken = await self._record(report)
            if taken is Taken.REPEATED:
                outcome = taken.value
            elif taken is Taken.UNKNOWN:
                outcome = Outcome.NOT_UNDERSTOOD.value
        REPORTS.labels(outcome).inc()
        if report.outcome is Outcome.NOT_UNDERSTOOD:
            log.info("mail_reports.not_understood", reason=report.reason)
        return outcome != Outcome.NOT_UNDERSTOOD

    async def _record(self, report: Report) -> Taken:
        assert report.message_id is not None
        failure = Return(report.message_id, report.round, report.status, "mailbox")
        identity = RequestIdentity(request_id=f"report:{report.message_id}.{report.round}")
        answer = await self._commands.run(self._actor, identity, lambda work: take_failure(work, failure))
        return answer.outcome

    async def _erase(self) -> None:
        now = self._commands.clock.now()
        if now - self._erased_at >= _BETWEEN_ERASURES:
            await asyncio.to_thread(self._mailbox.erase, now - KEPT)
            self._erased_at = now
