"""The form of a periodic report: its values, the report that it submits, and its mistakes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway.pages.account.periodic_report.reporter import Reporter
from services.gateway.pages.kit import organisations
from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.forms import Form, FormErrors, Message
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.http import Lang
from shared.reference.usage_documents import required_usage_documents


@dataclass(frozen=True, slots=True)
class DocumentHere:
    """One document: the files that were sent now, else paper, else the files of the report that was returned."""

    code: str
    name: str
    note: str
    by_form: bool
    sent: Sequence[Mapping[str, Any]]
    before: Sequence[Mapping[str, Any]]

    def as_submitted(self, on_paper: bool) -> list[Any]:
        """As registration takes it."""
        if self.sent:
            return [{"code": self.code, "document_id": file["id"]} for file in self.sent]
        if on_paper:
            return [self.code]
        return [{"code": self.code, "document_id": file["document_id"]} for file in self.before]


def documents_here(reporter: Reporter, sent: Sequence[Mapping[str, Any]]) -> list[DocumentHere]:
    """Every document of the role, in the order of the rules."""
    lang = reporter.visitor.lang
    before = {line["code"]: line["files"] for line in (reporter.returned or {}).get("document_list", [])}
    return [
        DocumentHere(
            code=line["code"],
            name=say(line, lang),
            note="" if line["by_form"] else note_of(line, lang),
            by_form=line["by_form"],
            sent=[file for file in sent if line["code"] in file["codes"]],
            before=before.get(line["code"], []),
        )
        for line in reporter.due["document_list"]
    ]


def note_of(line: Mapping[str, Any], lang: Lang) -> str:
    """The condition of a document. The category may have changed, so registration's `required` is not used."""
    if line["condition"] == "always":
        return PAGES[lang]["uploads"]["required"]
    return f"{PAGES[lang]['uploads']['if_applicable']}: {say(line['condition_text'], lang)}"


def shown(reporter: Reporter, pledged: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The first values of the fields: those of the returned report; else the organisations that were named before."""
    last, returned = reporter.last or {}, reporter.returned or {}
    values = {"role": reporter.role, "category": returned.get("category", ""), "pledge_accepted": ""}
    values |= {line["code"]: "yes" for line in returned.get("document_list", []) if line["handed_in"] == "paper"}
    return values | organisations.shown_rows(last.get("pledged") or pledged)


def typed(reporter: Reporter, form: Form) -> dict[str, str]:
    """The input without its empty rows: places are those that registration reports mistakes at."""
    rows = organisations.shown_rows(organisations.read_rows(form))
    kept = {name: value for name, value in form.items() if not name.startswith("pledged_organisations_")}
    return {"category": "", "pledge_accepted": "", **kept, "role": reporter.role, **rows}


def report_body(form: Form, documents: Sequence[DocumentHere]) -> dict[str, Any]:
    """The report as registration takes it, without empty fields."""
    rows = [{name: value for name, value in row.items() if value} for row in organisations.read_rows(form)]
    submitted = [one for document in documents for one in document.as_submitted(form[document.code] == "yes")]
    return (
        form.given("category")
        | {
            "documents": submitted,
            "pledged_organisations": rows,
            "pledge_accepted": form["pledge_accepted"] == "yes",
        }
        | form.given("pledge_version")
    )


def report_errors(reporter: Reporter, answer: Answer, body: Mapping[str, Any]) -> FormErrors | None:
    """Everything that is wrong, each at its field: registration names documents that are missing after all else."""
    if answer.status != 422:
        return answer.form_errors(reporter.visitor.lang)
    documents = body["documents"]
    here = {_code(one) for one in documents}
    required = required_usage_documents(
        "periodic_report",
        reporter.role,
        reporter.today,
        category=body.get("category"),
        pledged=len(body["pledged_organisations"]),
    )
    missing = PAGES[reporter.visitor.lang]["uploads"]["document_missing"]
    messages = [
        Message(_message(error, reporter.visitor.lang), _field(error["pointer"], documents))
        for error in answer.body["errors"]
        if error["code"] != "document-missing"
    ]
    messages += [Message(missing, code) for code in required if code not in here]
    return FormErrors(422, tuple(sorted(messages, key=_place)))


def _message(error: Mapping[str, Any], lang: Lang) -> str:
    """The message at a field; the category is that of the draft's form."""
    pointer = {"/category": "/organisation/category"}.get(error["pointer"], error["pointer"])
    return organisations.message_of({**error, "pointer": pointer}, lang)


def has_forms(documents: Sequence[DocumentHere], values: Mapping[str, str], errors: FormErrors | None) -> bool:
    """Whether official forms are submitted although none is required, or one has a mistake."""
    forms = [one for one in documents if one.by_form]
    return any(
        one.sent or one.before or values.get(one.code) == "yes" or (errors and errors.for_field(one.code))
        for one in forms
    )


def labels(lang: Lang, values: Mapping[str, str], documents: Sequence[DocumentHere]) -> dict[str, str]:
    """The labels of the fields, for the list of mistakes."""
    texts = PAGES[lang]
    named = {
        "category": texts["organisations"]["organisation_category"],
        "pledged_organisations": texts["organisations"]["pledged_organisations"],
        "pledge_accepted": texts["organisations"]["pledge_accepted"],
    }
    return named | organisations.row_labels(lang, values) | {document.code: document.name for document in documents}


def _code(submitted: Any) -> str:
    return str(submitted["code"] if isinstance(submitted, dict) else submitted)


def _place(message: Message) -> int:
    """The place of its field on the page: the focus goes to the first one."""
    field = message.field or ""
    if field.startswith("pledged_organisations"):
        return 2
    return {"category": 0, "pledge_accepted": 3}.get(field, 1)


def _field(pointer: str, documents: Sequence[Any]) -> str:
    """The field that a JSON pointer means: of the documents, the one at that place."""
    if organisations.is_document(pointer):
        place = pointer.split("/")[2:3]
        return _code(documents[int(place[0])]) if place and place[0].isdecimal() else "documents"
    return organisations.field_of(pointer)
