"""An open load: what is due is sent when it is due, however slow the answers are, and time is counted from then on.

Locust's people wait for an answer before they ask again, so that a slow system is asked less. Here many people take the
next turn of one timetable; where all of them still wait, a turn is late, and its lateness is part of its time.
"""

import time
from typing import ClassVar

import gevent
from locust.exception import StopUser

from tests.load.people.applicants import DECLARED, ProgramApplicant
from tests.load.timetable import Timetable


class Punctual(ProgramApplicant):
    """Takes one turn after the other."""

    abstract = True
    timetable: ClassVar[Timetable]

    def wait_time(self) -> float:
        """None: the timetable says when."""
        return 0.0

    def turn(self) -> float:
        """Wait for one's turn; the moment at which it was due."""
        due = self.timetable.next()
        if due is None:
            raise StopUser
        gevent.sleep(max(0.0, due - time.perf_counter()))
        return due


class Submitter(Punctual):
    """Files drafts that lack nothing."""

    abstract = True
    drafts: ClassVar[dict[str, list[str]]]

    def errand(self) -> bool:
        """File the next draft of one's office."""
        own = self.drafts[self.account.login_id]
        if not own:
            raise StopUser
        application_id = own.pop()
        due = self.turn()
        path = f"/api/v1/applications/{application_id}/submit"
        with self._asked("POST", path, "submit, from its due time", self._headers(), json=DECLARED) as answer:
            answer.request_meta["response_time"] = (time.perf_counter() - due) * 1000
            self._expect(answer, 200, 201)
            number = answer.json()["receipt_number"]
        self.received(number)
        return True


class WholeFiler(Punctual):
    """Files whole applications: draft, photo, PDF, check, submission."""

    abstract = True

    def errand(self) -> bool:
        """The next application."""
        due = self.turn()
        self.submit(self.prepare("papers.pdf"))
        self.noted("WHOLE", "application, from its due time", (time.perf_counter() - due) * 1000)
        return True
