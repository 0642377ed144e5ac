"""Officers at their desks: who examines and proposes, who decides one by one, and who approves many in one pass."""

import random

from tests.load.people.page import Page
from tests.load.people.person import Person

CASES, PROPOSALS = "/desk/cases", "/desk/proposals"
_GRANT = {"outcome": "grant", "period_of_stay": "Y3"}


class Officer(Person):
    """An officer, who signs in with the code of an app."""

    abstract = True

    def on_start(self) -> None:
        """Sign in."""
        self.at_first(self.sign_in)


class Examiner(Officer):
    """Takes the next case, reads it and its files, records findings, proposes."""

    abstract = True
    role = "examiner"

    def errand(self) -> bool:
        """One case from the queue to its proposal. An empty queue is no failure."""
        page = self.open(CASES)
        taken = self.send(page.form_to("/desk/next"), button="Take the next case", refusals=(409,))
        path = taken.path.partition("?")[0]
        if not path.startswith(f"{CASES}/"):
            return False
        self.pause()
        self._read_files(taken)
        page = self.open(f"{path}/findings")
        self.pause()
        form = page.form_to("/findings")
        asked = {name: "yes" for name in form.open if name.startswith("finding-")}
        self.send(form, {**asked, "note": "duties fit the field of study"}, "Record")
        page = self.open(f"{path}/proposal")
        self.pause()
        self.send(page.form_to("/proposal"), _GRANT, "Propose", shows="The outcome was proposed.")
        return True

    def _read_files(self, page: Page) -> None:
        """Read what was filed beside the pages of the first file, and fetch the last one."""
        files = [link for link in page.links if f"{page.path.partition('?')[0]}/files/" in link]
        if not files:
            self.disappointed(page.path, "the case has no file")
        for link in files:
            if link.endswith("/pages"):
                self.open(link)
                break
        self.pause()
        self.download(next(link for link in reversed(files) if not link.endswith("/pages")), 100)


class ChiefExaminer(Officer):
    """Reads a proposal, and decides."""

    abstract = True
    role = "chief_examiner"

    def errand(self) -> bool:
        """One of the proposals. Another officer may be faster, which is no failure."""
        page = self.open(PROPOSALS)
        waiting = [link for link in page.links if link.startswith(f"{CASES}/")]
        if not waiting:
            return False
        path = random.choice(waiting)
        self.open(path)
        self.pause()
        page = self.open(f"{path}/decision")
        if not page.path.endswith("/decision"):
            return False
        self.pause()
        decided = {"approve": "yes", "note": "agreed"}
        self.send(page.form_to("/decision"), decided, "Confirm", refusals=(409, 412))
        return True


class ApprovingChief(Officer):
    """Reads the proposals, and approves all of a group in one pass."""

    abstract = True
    role = "chief_examiner"
    AT_ONCE = 20

    def errand(self) -> bool:
        """Approve those that wait, as many as somebody reads in one go."""
        page = self.open(PROPOSALS)
        waiting = [link for link in page.links if link.startswith(f"{CASES}/")]
        for link in waiting[: self.AT_ONCE]:
            self.open(link)
            self.go_on()
        if not waiting:
            return False
        self.pause()
        page = self.open(PROPOSALS)
        read = {link.removeprefix(f"{CASES}/") for link in waiting[: self.AT_ONCE]}
        for form in page.forms:
            chosen = [value for value in form.choices.get("chosen", ()) if value.partition("/")[0] in read]
            if chosen:
                self.send(form, {"chosen": chosen})
        return True
