"""People who draft and file: topic by topic on the pages, or with a program; and those whose files are large."""

import random
from collections.abc import Mapping
from string import ascii_uppercase
from typing import Any

from deploy.demo.form import EXTENSION, beginning
from shared.clock import SystemClock, legal_date
from tests.load.people.page import Form, Page
from tests.load.people.person import Person

DECLARED = {"declarations": {"intent_confirmed": True, "truth_confirmed": True}}
_NEXT = "Save and continue"
_ADD = "Add a row"
PDF = "application/pdf"


def begun() -> dict[str, Any]:
    """The request that begins the draft of an invented person, who is nobody else's namesake."""
    body = beginning(EXTENSION, legal_date(SystemClock().now()))
    body["form"]["name_roman"] = f"NGUYEN VAN {''.join(random.choices(ascii_uppercase, k=8))}"
    return body


class PageApplicant(Person):
    """An applicant at a browser: every topic, photo, documents, contact, review, receipt."""

    abstract = True

    def on_start(self) -> None:
        """Sign in."""
        self.at_first(self.sign_in)

    def errand(self) -> bool:
        """Begin a draft, fill it in, and file it."""
        path = self._begin()
        self._fill_in(path, typed_answers(begun()["form"]))
        self._attach(path)
        page = self.open(f"{path}/notify")
        self.pause()
        self.send(page.form_to("/notify"), {"email": f"{self.account.login_id.lower()}@example.com"}, _NEXT)
        self.until("files known to the draft (page)", lambda: self._is_complete(path), every=2)
        review = self.open(f"{path}/review")
        self.pause()
        ticked = {"intent_confirmed": "yes", "truth_confirmed": "yes"}
        receipt = self.send(review.form_with("Submit the application"), ticked, "Submit the application")
        number = next((word for word in receipt.text.split() if word.startswith("東オン")), None)
        if not receipt.path.partition("?")[0].endswith("/receipt") or number is None:
            self.disappointed(f"{path}/receipt", f"no receipt number: {receipt.text[:300]}")
        self.received(number)
        return True

    def _begin(self) -> str:
        page = self.open("/home")
        page = self.open("/applications/new/forms")
        self.pause()
        choice = f"{EXTENSION.procedure}:{EXTENSION.status}:"
        form = next(one for one in page.forms if choice in one.options.get("choice", ()))
        page = self.send(form, {"choice": choice}, shows="The draft was started.")
        return page.path.partition("?")[0]

    def _fill_in(self, path: str, typed: Mapping[str, str]) -> None:
        overview = self.open(path)
        topics = [link for link in dict.fromkeys(overview.links) if link.startswith(f"{path}/form/")]
        page = self.open(topics[0])
        while "/form/" in page.path:
            self.pause()
            while button := _row_needed(page.form_with(_NEXT), typed):
                page = self.send(page.form_with(_NEXT), _fitting(page, typed), button)
            page = self.send(page.form_with(_NEXT), _fitting(page, typed), _NEXT)

    def _attach(self, path: str) -> None:
        page = self.open(f"{path}/photo")
        self.pause()
        form = [one for one in page.forms if one.fields.get("kind") == ["photo"]][-1]
        self.send_file(form, "face.jpg", self.file_of("face.jpg"), "image/jpeg")
        page = self.open(f"{path}/documents")
        self.pause()
        codes = [
            one.fields["codes"][0] for one in page.forms if one.fields.get("kind") == ["pdf"] and "codes" in one.fields
        ]
        self.send_file(page.form_to("/SEVERAL"), "papers.pdf", self.file_of("papers.pdf"), PDF, {"codes": codes})

    def _is_complete(self, path: str) -> bool | None:
        return True if "Everything is filled in" in self.open(path).text else None


class ProgramApplicant(Person):
    """A program of an applicant: begins, sends the files, looks what is missing, files."""

    abstract = True

    def on_start(self) -> None:
        """Sign in."""
        self.at_first(self.sign_in_by_program)

    def errand(self) -> bool:
        """File one application."""
        application_id = self.prepare("papers.pdf")
        self.pause()
        self.submit(application_id)
        return True

    def prepare(self, papers: str) -> str:
        """A draft to which nothing is missing; its id."""
        draft = self.command("/v1/applications", begun(), 201)
        path = f"/v1/applications/{draft['id']}"
        codes = asked_for(self.get(f"{path}/check"))
        own = {"application_id": draft["id"]}
        photo = self.upload("/v1/documents", "face.jpg", self.file_of("face.jpg"), own | {"kind": "photo"})
        self.pause()
        pdf = self.upload("/v1/documents", papers, self.file_of(papers), own | {"kind": "pdf", "codes": codes})
        attached = {"photo_id": photo["id"], "documents": [{"document_id": pdf["id"], "codes": codes}]}
        self.command(f"{path}/documents", attached, 200, method="PUT", revision=draft["revision"])
        self.until("files known to the draft", lambda: self._complete(path))
        self.sent = pdf["id"]
        return str(draft["id"])

    def submit(self, application_id: str) -> None:
        """File it, and keep the receipt number."""
        answer = self.command(f"/v1/applications/{application_id}/submit", DECLARED, 200, 201)
        self.received(answer["receipt_number"])

    def _complete(self, path: str) -> bool | None:
        answer = self.get(f"{path}/check")
        others = [one for one in answer["problems"] if one["code"] != "document-unknown"]
        if others:
            self.disappointed(f"{path}/check", f"not complete: {others}")
        return True if answer["complete"] else None


class LargeFileSender(ProgramApplicant):
    """An applicant with one PDF of nearly 25 MB, who opens it again after it was filed."""

    abstract = True

    def errand(self) -> bool:
        """File an application with it, and fetch it."""
        application_id = self.prepare("large.pdf")
        self.submit(application_id)
        self.pause()
        link = self.get(f"/v1/documents/{self.sent}/link")["url"]
        self.download(link, len(self.file_of("large.pdf")))
        return True


def asked_for(check: Mapping[str, Any]) -> list[str]:
    """The documents that must be sent, without the photo."""
    asked = [one["code"] for one in check["required_documents"] if one["requirement"] == "required"]
    return [code for code in asked if code != "PHOTO"]


def typed_answers(values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Answers by the names of the fields of pages."""
    typed: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            typed |= typed_answers(value, f"{prefix}{name}-")
        elif isinstance(value, list):
            for number, row in enumerate(value):
                typed |= typed_answers(row, f"{prefix}{name}-{number}-")
        elif isinstance(value, bool):
            typed[prefix + name] = "yes" if value else "no"
        else:
            typed[prefix + name] = str(value)
    return typed


def _fitting(page: Page, typed: Mapping[str, str]) -> dict[str, str]:
    """The answers whose fields the page has."""
    return {name: value for name, value in typed.items() if name in page.form_with(_NEXT).open}


def _row_needed(form: Form, typed: Mapping[str, str]) -> str:
    """The button that adds a row to a table for which there is another answer; "" where none is needed."""
    for button, (_, value, _) in form.buttons.items():
        table = value.removeprefix("row:").replace(".", "-")
        if button.startswith(_ADD):
            names = [name for name in form.open if name.startswith(f"{table}-")]
            shown = {name.removeprefix(f"{table}-").partition("-")[0] for name in names}
            if any(name.startswith(f"{table}-{len(shown)}-") for name in typed):
                return button
    return ""
