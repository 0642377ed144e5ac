"""People who look: how far their applications are, what was decided, and on a Monday whether anything is new."""

import random
import re

from tests.load.people.person import Person

APPLICATIONS = "/applications"
_CASE = re.compile(r"/applications/[0-9a-f-]{36}")


class StatusReader(Person):
    """Looks at the list, at one application, and at its timeline."""

    abstract = True
    role = "filer"

    def on_start(self) -> None:
        """Sign in."""
        self.at_first(self.sign_in)

    def errand(self) -> bool:
        """One look at what is going on."""
        self.open("/home")
        self.pause()
        page = self.open(APPLICATIONS)
        own = [link for link in page.links if _CASE.fullmatch(link)]
        if not own:
            return False
        self.pause()
        path = random.choice(own)
        self.open(path)
        self.get(f"/v1{path}/timeline")
        return True


class MorningVisitor(Person):
    """Comes to the start page, signs in, looks at what is new, and leaves."""

    abstract = True

    def errand(self) -> bool:
        """One visit."""
        self.client.cookiejar.clear()
        self.open("/")
        self.pause()
        self.sign_in()
        self.open("/home")
        self.pause()
        self.sign_out()
        return True


class ResultReader(Person):
    """Looks at an application until the result is there, reads what to do next, and orders to pay."""

    abstract = True
    role = "filer"

    def on_start(self) -> None:
        """Sign in."""
        self.paid: set[str] = set()
        self.at_first(self.sign_in)

    def errand(self) -> bool:
        """One look at one application that waits for its result."""
        waiting = [one for one in self.plan.filed.get(self.account.login_id, ()) if one not in self.paid]
        if not waiting:
            return False
        application_id = random.choice(waiting)
        path = f"{APPLICATIONS}/{application_id}"
        self.open(path)
        view = self.get(f"/v1{path}")
        if view["outcome"] != "granted":
            return False
        self.pause()
        self.open(f"{path}/after-grant")
        page = self.open(f"{path}/payment")
        self.paid.add(application_id)
        order = next((form for form in page.forms if "convenience_store" in form.choices.get("method", ())), None)
        if order is not None:
            # Somebody of the same office may have ordered in the same moment: the page says so, and nothing is doubled.
            self.send(order, {"method": "convenience_store"}, refusals=(409,))
        return True
