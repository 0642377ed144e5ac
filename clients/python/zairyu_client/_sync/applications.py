# Generated from zairyu_client/_async by `python -m tests.clients`.
"""Applications: drafts, filing, and what follows."""

import builtins
import time
import time as clock
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from zairyu_client._sync.transport import Id, Transport
from zairyu_client.models import application
from zairyu_client.problems import NotDone

Form = Mapping[str, Any]


class Applications:
    """Drafts and applications of the owner for whom the client works.

    `key` of a method is the Idempotency-Key: keep it, give it again after a crash, and the effect is there once.
    Without, each call has a new one, which all attempts of that call share.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        q: str | None = None,
        status: Sequence[str] = (),
        procedure: Sequence[str] = (),
        status_of_residence: Sequence[str] = (),
        office: Sequence[str] = (),
        in_charge: Id | None = None,
        stay_from: date | None = None,
        stay_to: date | None = None,
        filed_from: date | None = None,
        filed_to: date | None = None,
        sort: str | None = None,
        limit: int = 100,
    ) -> Iterator[application.Listed]:
        """All that fit, one page of `limit` after the other; what is filed during that is neither missed nor doubled.

        `q` is words of name or receipt number, or parts of them, in any spelling.
        """
        query = {
            **{"q": q, "in_charge": in_charge, "sort": sort, "limit": limit},
            **{"stay_from": stay_from, "stay_to": stay_to, "filed_from": filed_from, "filed_to": filed_to},
            **{"status": [*status], "procedure": [*procedure], "office": [*office]},
            "status_of_residence": [*status_of_residence],
        }
        return self._transport.items(application.Listed, "/applications", query=query)

    def begin(
        self,
        procedure: str,
        status_of_residence: str,
        form: Form | None = None,
        *,
        activity: str | None = None,
        combined_with: Sequence[str] = (),
        notify: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> application.Saved:
        """Begin a draft. `notify` is the applicant's `email` and `language`."""
        body: dict[str, Any] = {
            "procedure": procedure,
            "status_of_residence": status_of_residence,
            "activity": activity,
            "combined_with": [*combined_with],
            "form": dict(form or {}),
        }
        if notify is not None:
            body["notify"] = dict(notify)
        return self._transport.model(application.Saved, "POST", "/applications", json=body, key=key)

    def get(self, id: Id) -> application.ApplicationView:
        """A draft or an application with its answers, files and state."""
        return self._transport.model(application.ApplicationView, "GET", "/applications/{}", id)

    def save(self, id: Id, form: Form, *, revision: int, notify: Mapping[str, Any] | None = None) -> application.Saved:
        """Replace all answers of a draft. Raises `Changed` where it has another revision by now."""
        body = {"form": dict(form)} | ({} if notify is None else {"notify": dict(notify)})
        path = "/applications/{}/form"
        return self._transport.model(application.Saved, "PUT", path, id, json=body, revision=revision)

    def change(self, id: Id, changes: Mapping[str, Any], *, revision: int) -> application.Saved:
        """Change single answers by a merge patch (RFC 7396), such as `{"form": {"phone": "03-1234-5678"}}`.

        What others changed since `revision` stays. Raises `DraftChanged` where they changed the same answers.
        """
        path = "/applications/{}"
        return self._transport.model(application.Saved, "PATCH", path, id, merge=dict(changes), revision=revision)

    def attach(
        self, id: Id, *, revision: int, photo: Id | None = None, documents: Mapping[Id, Iterable[str]] | None = None
    ) -> application.Saved:
        """Replace photo and documents of a draft. `documents` has, for each file, the codes of what it holds."""
        named = [{"document_id": str(each), "codes": [*codes]} for each, codes in (documents or {}).items()]
        body = {"photo_id": None if photo is None else str(photo), "documents": named}
        path = "/applications/{}/documents"
        return self._transport.model(application.Saved, "PUT", path, id, json=body, revision=revision)

    def copy(self, id: Id, *, key: str | None = None, **changes: str | None) -> application.Copied:
        """A new draft with what can still be true. `changes` name `procedure`, `status_of_residence`, `activity`."""
        return self._transport.model(application.Copied, "POST", "/applications/{}/copies", id, json=changes, key=key)

    def delete(self, id: Id) -> None:
        """Delete a draft."""
        self._transport.send("DELETE", "/applications/{}", id)

    def check(self, id: Id) -> application.Checked:
        """Everything that is missing or wrong, by field, and the documents that are required."""
        return self._transport.model(application.Checked, "GET", "/applications/{}/check", id)

    def checked(self, id: Id, *, seconds: float = 60, pause: float = 0.5) -> application.Checked:
        """The same, once the files that were attached are known to the draft, which is a moment after their upload.

        Raises `NotDone` after `seconds`.
        """
        ends = clock.monotonic() + seconds
        while True:
            found = self.check(id)
            if all(problem.code != "document-unknown" for problem in found.problems):
                return found
            if clock.monotonic() >= ends:
                raise NotDone(f"The files of {id} are not known to the draft after {seconds:g} s")
            time.sleep(pause)

    def submit(
        self, id: Id, *, intent_confirmed: bool, truth_confirmed: bool, key: str | None = None, **declared: str
    ) -> application.Receipt:
        """File a draft, with both declarations of the person who files. Raises `InvalidInput` by field where it is not
        complete.

        `declared` is the `language` and `version` of the texts that were read (`declarations`).
        """
        body = {"declarations": {"intent_confirmed": intent_confirmed, "truth_confirmed": truth_confirmed, **declared}}
        path = "/applications/{}/submit"
        return self._transport.model(application.Receipt, "POST", path, id, json=body, key=key)

    def declarations(self) -> application.DeclarationTexts:
        """The texts of the declarations, with their version."""
        return self._transport.model(application.DeclarationTexts, "GET", "/declarations")

    def receipt(self, id: Id) -> application.Receipt:
        """The receipt of a filed application."""
        return self._transport.model(application.Receipt, "GET", "/applications/{}/receipt", id)

    def withdraw(self, id: Id, reason: str, *, key: str | None = None) -> application.Withdrawn:
        """Withdraw a filed application."""
        path, body = "/applications/{}/withdraw", {"reason": reason}
        return self._transport.model(application.Withdrawn, "POST", path, id, json=body, key=key)

    def timeline(self, id: Id) -> builtins.list[application.TimelineEntry]:
        """Everything that happened so far, oldest first."""
        return (self._transport.model(application.Timeline, "GET", "/applications/{}/timeline", id)).items

    def expectation(self, id: Id) -> application.Expectation:
        """The time that it has waited, and that others did."""
        return self._transport.model(application.Expectation, "GET", "/applications/{}/expectation", id)

    def proof(self, id: Id) -> bytes:
        """A PDF that proves that the application is pending (申請中証明)."""
        return self._transport.content("GET", "/applications/{}/proof", id)

    def requested(self, id: Id) -> application.RequestedDocuments:
        """The documents that the office requests, and what was submitted."""
        path = "/applications/{}/requested-documents"
        return self._transport.model(application.RequestedDocuments, "GET", path, id)

    def answer(
        self, id: Id, request_id: Id, place: int, *, documents: Iterable[Id] = (), why_not: str | None = None
    ) -> application.AnswerSaved:
        """Keep the answer to one requested item: files, or why there are none. `submit_requested` sends them all."""
        body: dict[str, Any] = {"request_id": str(request_id), "place": place, "why_not": why_not}
        body["document_ids"] = [str(each) for each in documents]
        path = "/applications/{}/requested-documents"
        return self._transport.model(application.AnswerSaved, "PUT", path, id, json=body)

    def submit_requested(self, id: Id, request_id: Id, *, key: str | None = None) -> application.DocumentsSubmitted:
        """Submit the answers to a request for documents."""
        path, body = "/applications/{}/requested-documents", {"request_id": str(request_id)}
        return self._transport.model(application.DocumentsSubmitted, "POST", path, id, json=body, key=key)

    def ask_for_time(
        self, id: Id, request_id: Id, wanted_on: date, reason: str, *, key: str | None = None
    ) -> application.MoreTimeAsked:
        """Ask for a later day for requested documents."""
        body = {"request_id": str(request_id), "wanted_on": wanted_on.isoformat(), "reason": reason}
        path = "/applications/{}/requested-documents/more-time"
        return self._transport.model(application.MoreTimeAsked, "POST", path, id, json=body, key=key)
