"""Published forms: what is offered, one form with all that a program needs, and what caches may keep."""

from datetime import date
from typing import Any

import httpx
import jsonschema_rs
import pytest

from services.application.filing.domain.assessment import assess
from services.application.filing.domain.draft import Draft, Standing
from services.application.filing.schemas import BeginBody
from services.application.forms.catalogue import FORMS, current_form, form_of, offered_forms
from services.application.forms.examples import draft_on
from services.application.forms.extend.n import EXTEND_N, EXTEND_N_JANUARY
from services.application.forms.field import Field, Filing, Form, Rows
from services.application.forms.form import FormVersion, read_form
from services.application.forms.schema import form_schema
from services.application.offer.schemas import FormExample, PublishedForm
from services.application.sheets.reading import read_book
from shared.auth import Actor, Role
from tests.support.service import RunningService
from tests.support.tokens import bearer, person

FORM = "/v1/forms/extend-n-2026-02-27"
TODAY = date(2026, 11, 20)


async def read(service: RunningService, path: str, **headers: str) -> httpx.Response:
    return await service.client.get(path, headers={"Accept-Language": "en", **headers})


async def published(service: RunningService, path: str = f"{FORM}?status=ENG_HUM_INT") -> dict[str, Any]:
    answer = await read(service, path)
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return content


def items_of(form: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["code"]: item for topic in form["topics"] for item in topic["items"]}


async def test_the_list_names_the_forms_of_today_and_no_other(service: RunningService) -> None:
    content = await published(service, "/v1/forms")
    assert content["day"] == "2026-11-20"
    versions = [form["version"] for form in content["items"]]
    assert EXTEND_N.version in versions
    assert all(form_of(version).offered for version in versions)
    (ours,) = [form for form in content["items"] if form["version"] == EXTEND_N.version]
    assert (ours["procedure"], ours["section"], ours["statuses"]) == ("EXTEND", "N", list(EXTEND_N.statuses))
    assert ours["title"]["ja"] == "在留期間更新許可申請（区分N）"
    assert ours["valid_from"] == "2026-02-27"


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.version)
async def test_every_form_is_published_whole_and_as_documented(service: RunningService, form: FormVersion) -> None:
    content = await published(service, f"/v1/forms/{form.version}")
    PublishedForm.model_validate(content)
    items = items_of(content)
    assert sorted(items) == sorted(item.code for item in form.items), "each item belongs to exactly one topic"
    for item in form.items:
        shown = items[item.code]
        assert shown["pointer"] == item.pointer
        assert (shown["label"]["ja"], shown["label"]["en"]) == (item.label.ja, item.label.en)
        if isinstance(item, Rows):
            assert (shown["kind"], shown["rows"]["most"]) == ("rows", item.most)
            assert [field["code"] for field in shown["rows"]["fields"]] == [field.code for field in item.fields]
        elif isinstance(item, Field) and item.options:
            assert [option["code"] for option in shown["options"]] == list(item.options)
    validator = jsonschema_rs.Draft202012Validator(content["schema"])
    assert list(validator.iter_errors(content["example"])) == []


@pytest.mark.parametrize("form", offered_forms(TODAY), ids=lambda form: form.version)
def test_the_example_fits_the_schema_and_the_check_finds_nothing_but_files_missing(form: FormVersion) -> None:
    body = draft_on(form, TODAY)
    FormExample.model_validate(body)
    asked = BeginBody.model_validate(body).draft()
    status, activity = asked.selection.status_of_residence, asked.selection.activity
    assert form is EXTEND_N_JANUARY or current_form(form.procedure, status, TODAY, activity) is form
    values, unreadable = read_form(form, asked.form, status)
    assert unreadable == []
    schema = form_schema(form, status, Filing(by_agent=True, category_known=False))
    jsonschema_rs.Draft202012Validator(schema).validate(body["form"])
    draft = Draft(
        version=form,
        procedure=form.procedure,
        combined_with=(),
        status_of_residence=status,
        activity=activity,
        role="lawyer_scrivener",
        form=Form(values),
        notify_email=asked.notify.email,
        photo_id=None,
        attachments=(),
        files={},
        known_category=None,
        standing=Standing("active"),
        other_open=False,
    )
    found = assess(draft, TODAY)
    assert {(each.pointer, each.code) for each in found.problems} <= {
        ("/photo_id", "required"),
        ("/documents", "document-missing"),
    }


async def test_the_example_begins_a_draft_and_is_linked_from_the_document_of_the_interface(
    service: RunningService,
) -> None:
    example = await published(service, f"{FORM}/example")
    assert (example["procedure"], example["form"]["stay_expiry"]) == ("EXTEND", "2027-01-19")
    answer = await service.client.post(
        "/v1/applications",
        json=example,
        headers=bearer(person(Role.ORG_STAFF, organisation=True), service.clock) | {"Idempotency-Key": "example"},
    )
    assert answer.status_code == 201, answer.text
    body = service.app.openapi()["paths"]["/v1/applications"]["post"]["requestBody"]
    linked = body["content"]["application/json"]["examples"]
    assert {"summary": "EXTEND N", "externalValue": f"{FORM}/example"} in linked.values()
    assert EXTEND_N_JANUARY.version not in linked and len(linked) == len(offered_forms(TODAY)) - 1
    assert (await read(service, "/v1/forms/none/example")).status_code == 404


async def test_conditions_say_when_a_field_is_asked(service: RunningService) -> None:
    items = items_of(await published(service))
    assert (items["tel"]["required"], items["tel"]["when"]) == ("sometimes", [[{"field": "mobile", "empty": True}]])
    assert (items["sex"]["required"], items["sex"]["when"]) == ("always", [])
    assert (items["passport_no"]["required"], items["passport_no"]["when"]) == ("never", [])
    assert items["intermediary.name"]["when"] == [[{"filing": "by_agent"}]]
    assert items["residence_card_no"]["when"] == [[{"field": "has_card", "in": [True]}]]


async def test_what_may_be_chosen_is_listed_with_its_words(service: RunningService) -> None:
    items = items_of(await published(service))
    periods = [(option["code"], option["label"]["ja"]) for option in items["requested_period"]["options"]]
    assert periods == [("Y5", "5年"), ("Y3", "3年"), ("Y1", "1年"), ("M3", "3月")]
    present = {option["code"]: option["label"]["ja"] for option in items["current_status"]["options"]}
    assert present["STUDENT"] == "留学"


async def test_a_field_that_is_hidden_for_the_status_is_left_out(service: RunningService) -> None:
    hidden = {item.code for item in EXTEND_N.items if "ENG_HUM_INT" in item.hidden_for}
    everything, ours = await published(service, FORM), await published(service)
    assert set(items_of(everything)) - set(items_of(ours)) == hidden


async def test_caches_keep_a_form_and_ask_whether_it_changed(service: RunningService) -> None:
    for path in ("/v1/forms", FORM, f"{FORM}?status=ENG_HUM_INT"):
        first = await read(service, path)
        assert first.headers["cache-control"] == "public, max-age=3600"
        again = await read(service, path, **{"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        other = await read(service, path, **{"If-None-Match": '"another"'})
        assert other.content == first.content


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/forms/extend-n-1990-01-01", 404, "not-found"),
        ("/v1/forms/..%2f..%2fetc", 404, "not-found"),
        (f"{FORM}?status=STUDENT", 422, "not-a-choice"),
        (f"{FORM}?status=%00", 422, "bad-format"),
        (f"{FORM}?status={'A' * 500}", 422, "bad-format"),
    ],
)
async def test_what_there_is_not_is_refused_with_the_choices(
    service: RunningService, path: str, status: int, code: str
) -> None:
    answer = await read(service, path)
    assert answer.status_code == status, answer.text
    if status == 404:
        assert answer.json()["code"] == code
    else:
        (error,) = answer.json()["errors"]
        assert (error["pointer"], error["code"]) == ("/status", code)
    if code == "not-a-choice":
        assert "ENG_HUM_INT" in error["message"]


async def test_procedures_filed_together_add_their_fields(service: RunningService) -> None:
    alone = await published(service)
    both = await published(service, f"{FORM}?status=ENG_HUM_INT&combined_with=EXTRA_ACT&combined_with=REENTRY")
    assert both["combined_with"] == ["REENTRY", "EXTRA_ACT"]
    added = set(items_of(both)) - set(items_of(alone))
    assert {code.split(".")[0] for code in added} == {"reentry", "extra"}
    validator = jsonschema_rs.Draft202012Validator(both["schema"])
    assert list(validator.iter_errors(both["example"])) == []
    assert list(validator.iter_errors(alone["example"])) != []


async def test_help_and_a_sample_stand_beside_a_field(service: RunningService) -> None:
    phone = items_of(await published(service))["tel"]
    assert phone["help"]["ja"]
    assert phone["sample"]


async def test_a_template_of_a_form_is_read_again_by_the_one_who_made_it(service: RunningService) -> None:
    async def template(query: str, actor: Actor | None, form: str = FORM) -> httpx.Response:
        sent = bearer(actor, service.clock) if actor else {}
        return await read(service, f"{form}/template?{query}", **sent)

    clerk = person(Role.ORG_STAFF, organisation=True)
    for query, name in (("status=ENG_HUM_INT", "xlsx"), ("status=ENG_HUM_INT&format=csv", "csv")):
        answer = await template(query, clerk)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-disposition"].endswith(f'extend-n-2026-02-27-eng_hum_int.{name}"')
        book, rows = read_book(answer.content, f"template.{name}", date(2026, 11, 20))
        assert (book.problems, [*rows]) == ((), []), "the example is no row"
    assert (await template("status=STUDENT", clerk)).json()["errors"][0]["code"] == "not-a-choice"
    assert (await template("", clerk)).status_code == 422
    assert (
        await read(service, "/v1/forms/none/template?status=STUDENT", **bearer(clerk, service.clock))
    ).status_code == 404
    assert (await template("status=ENG_HUM_INT", person(Role.SELF))).status_code == 403, "individuals file one by one"
    assert (await template("status=ENG_HUM_INT", None)).status_code == 401
