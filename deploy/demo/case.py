"""The case itself: every step through the gateway, every mail from the mailbox, every event seen at the broker."""

import re
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from deploy.demo import papers, people
from deploy.demo.browser import Browser
from deploy.demo.certificate import show_certificate
from deploy.demo.form import CERTIFICATE, EXTENSION, FAMILY, Filing, beginning, card_number
from deploy.demo.place import Place
from deploy.demo.problems import StepFailed
from deploy.demo.waiting import until
from deploy.demo.workbook import file_workbook
from deploy.local.identity_provider.people import FOREIGNER
from shared.reference.codes import Channel, Procedure
from shared.reference.fees import fee

GRANTED = "Y3"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of the case."""

    login_id: str
    application_id: str
    receipt_number: str
    tracking_number: str
    of_the_workbook: list[str]
    one_time_secrets: Mapping[str, str]


async def play(place: Place) -> Outcome:
    """From 利用申出 to the mailed card; raises `StepFailed` at the first step that goes wrong."""
    async with AsyncExitStack() as stack:

        async def browser(person: str) -> Browser:
            return await stack.enter_async_context(Browser(place.gateway_url, person))

        login_id = await register(place, await browser("staff"), await browser("approval desk"))
        staff = await browser("staff")
        await staff.sign_in(login_id, people.PASSWORD)
        place.story.did("company staff", f"signed in as {login_id}")
        place.story.chapter(f"2. {EXTENSION.heading}")
        application_id, receipt_number = await _apply(place, staff, EXTENSION)
        examiner, chief, office = [await browser(one) for one in ("examiner", "chief examiner", "card office")]
        case_id = await _examine(place, staff, examiner, chief, application_id)
        tracking = await _deliver(place, staff, office, application_id, case_id)
        if place.identity_provider:
            await register_themselves(place, await browser("foreigner"))
        for number, filing in ((6, CERTIFICATE), (7, FAMILY)):
            place.story.chapter(f"{number}. {filing.heading}")
            filed_id, _ = await _apply(place, staff, filing)
            if filing is CERTIFICATE:
                await show_certificate(place, staff, examiner, chief, office, await browser("applicant"), filed_id)
        filed = await file_workbook(place, staff, 8)
        return Outcome(login_id, application_id, receipt_number, tracking, filed, place.one_time_secrets)


async def register(place: Place, staff: Browser, desk: Browser) -> str:
    """利用申出, approval, password; the login id."""
    story = place.story
    story.chapter("1. Usage registration (利用申出)")
    sent = await staff.post("/v1/usage-registrations", people.usage_registration())
    story.did("company staff", f"sent the usage registration, receipt number {sent['receipt_number']}")
    await place.event("UsageRegistrationSubmitted")
    await place.mail(people.STAFF_MAIL, sent["receipt_number"])

    await _sign_in(place, desk, "approval-desk")
    queue = await desk.get("/v1/usage-registrations?status=submitted")
    story.did("user-approval desk", f"sees {len(queue['items'])} registration in the queue")
    asked = await desk.list(f"/v1/usage-registrations/{sent['id']}/requirements")
    story.did("user-approval desk", f"goes through the checklist: {', '.join(line['code'] for line in asked)}")
    confirmed = {line["code"]: True for line in asked}
    approved = await desk.post(
        f"/v1/usage-registrations/{sent['id']}/approve", {"requirements": confirmed, "note": "complete"}
    )
    story.did("user-approval desk", f"approved it, valid until {str(approved['valid_until'])[:10]}")
    organisation_id = queue["items"][0]["organisation_id"]
    category = (await desk.get(f"/v1/organisations/{organisation_id}"))["category"]
    story.did(
        "user-approval desk", f"sees its category lifted: {category['category']} is treated as {category['treated_as']}"
    )
    await place.event("UsageRegistrationApproved", "OrganisationCategoryChanged")
    text = await place.mail(people.STAFF_MAIL, "/password/")
    token = _found(r"/password/([A-Za-z0-9_-]+)", text, "the password link")

    await staff.post(f"/v1/password-links/{token}", {"password": people.PASSWORD})
    story.did("company staff", "set a password through the link")
    await place.event("AccountActivated")
    return _found(r"\b(ZR-[0-9A-Z-]+)\b", await place.mail(people.STAFF_MAIL, "ZR-"), "the login id")


async def registered(place: Place) -> str:
    """The login id of an office that has registered, in browsers of its own."""
    async with Browser(place.gateway_url, "staff") as staff, Browser(place.gateway_url, "approval desk") as desk:
        return await register(place, staff, desk)


async def prepare(place: Place, staff: Browser, filing: Filing = EXTENSION) -> str:
    """Draft an application until nothing is missing; its id."""
    story = place.story
    draft = await staff.post("/v1/applications", beginning(filing, place.today))
    application_id = draft["id"]
    story.did("company staff", "opened a draft")
    check = await staff.get(f"/v1/applications/{application_id}/check")
    asked = [document["code"] for document in check["required_documents"] if document["requirement"] == "required"]
    asked.remove("PHOTO")
    story.did("company staff", f"reads what is still missing: {len(check['problems'])} things: a photo, {_list(asked)}")

    photo = await staff.upload(
        "/v1/documents", "face.jpg", papers.face_photo(), {"kind": "photo", "application_id": application_id}
    )
    pdf = await staff.upload(
        "/v1/documents",
        "evidence.pdf",
        papers.evidence(max(1, len(asked))),
        {"kind": "pdf", "codes": asked, "application_id": application_id},
    )
    story.did("company staff", "uploaded a face photo (JPEG) and one PDF for all documents; both checked and accepted")
    await place.event("DocumentAccepted")

    attachments = {"photo_id": photo["id"], "documents": [{"document_id": pdf["id"], "codes": asked}]}
    await staff.put(f"/v1/applications/{application_id}/documents", attachments, draft["revision"])

    async def complete() -> dict[str, Any] | None:
        answer = await staff.get(f"/v1/applications/{application_id}/check")
        if answer["complete"]:
            return answer
        others = [p for p in answer["problems"] if p["code"] != "document-unknown"]
        if others:
            raise StepFailed(f"the application is not complete: {others}")
        return None

    await until("the check of the application", complete)
    return str(application_id)


async def submit(staff: Browser, application_id: str) -> str:
    """File a complete application; its receipt number."""
    filed = await staff.post(
        f"/v1/applications/{application_id}/submit",
        {"declarations": {"intent_confirmed": True, "truth_confirmed": True}},
    )
    return str(filed["receipt_number"])


async def _apply(place: Place, staff: Browser, filing: Filing) -> tuple[str, str]:
    application_id = await prepare(place, staff, filing)
    receipt_number = await submit(staff, application_id)
    place.story.did("company staff", f"submitted; receipt number {receipt_number} at once")
    await place.event("ApplicationSubmitted")
    await place.mail(people.STAFF_MAIL, receipt_number)
    await place.mail(people.APPLICANT_MAIL, receipt_number)
    return application_id, receipt_number


async def _examine(place: Place, staff: Browser, examiner: Browser, chief: Browser, application_id: str) -> str:
    story = place.story
    story.chapter("3. Examination and decision with four eyes")
    await _sign_in(place, examiner, "examiner")
    case = await examiner.find(f"/v1/cases/by-application/{application_id}", "the case of the application")
    path = f"/v1/cases/{case['id']}"
    await examiner.post(f"{path}/start")
    story.did("examiner", "took the case")
    await place.event("ReviewStarted")
    application = await examiner.get(f"/v1/applications/{application_id}")
    story.did("examiner", f"read application {application['receipt_number']} (the reading is in the journal)")
    kind = f"procedure={case['procedure']}&status_of_residence={case['status_of_residence']}"
    await _ask_for_a_document(place, staff, examiner, path, application_id)
    findings = {question["code"]: "yes" for question in await examiner.list(f"/v1/cases/checklist?{kind}")}
    await examiner.post(f"{path}/examination", {"findings": findings, "note": "duties fit the field of study"})
    await examiner.post(f"{path}/proposal", {"outcome": "grant", "period_of_stay": GRANTED})
    story.did("examiner", "proposed to grant three years")
    await _refused_to_decide(place, examiner, path)

    await _sign_in(place, chief, "chief-examiner")
    decided = await chief.post(f"{path}/decision", {"approve": True, "note": "agreed"})
    story.did("chief examiner", f"approved the proposal: {decided.get('state', 'granted')}")
    await place.event("ReviewCompleted")
    due = f"{_fee(place):,}"
    await place.mail(people.STAFF_MAIL, due)
    await place.mail(people.APPLICANT_MAIL, due)
    return str(case["id"])


async def _ask_for_a_document(place: Place, staff: Browser, examiner: Browser, path: str, application_id: str) -> None:
    """A request for one document, and its answer, until the officer sees it."""
    story, code = place.story, "RES_TAX"
    wanted = {
        "items": [{"code": code, "text_codes": ["latest_year"]}],
        "due_on": (place.today + timedelta(days=14)).isoformat(),
    }
    asked = await examiner.post(f"{path}/document-requests", wanted)
    story.did("examiner", "asked for the tax certificate of the latest year, due in 14 days")
    await place.event("AdditionalDocumentsRequested")
    await place.mail(people.STAFF_MAIL, "住民税")
    await place.mail(people.APPLICANT_MAIL, "住民税")
    document = await staff.upload(
        "/v1/documents",
        "tax.pdf",
        papers.evidence(1),
        {"kind": "pdf", "codes": [code], "application_id": application_id},
    )
    await place.event("DocumentAccepted")
    answer = {"request_id": asked["request_id"], "documents": [{"document_id": document["id"], "codes": [code]}]}

    async def answered() -> bool | None:
        questions = await staff.get(f"/v1/applications/{application_id}/requested-documents")
        return True if questions["open"] else None

    await until("the request in the applicant's view", answered)

    async def sent() -> bool | None:
        try:
            await staff.post(f"/v1/applications/{application_id}/requested-documents", answer)
        except StepFailed as failed:
            # The application service learns of the file by an event, and says so until then.
            if "document-unknown" not in str(failed):
                raise
            return None
        return True

    await until("the document that was asked for is known", sent)
    story.did("company staff", "answered it with a PDF")
    await place.event("AdditionalDocumentsSubmitted")

    async def received() -> bool | None:
        return True if (await examiner.get(path))["state"] == "DOCS_SUBMITTED" else None

    await until("the documents on the case", received)
    story.did("examiner", "sees the document on the case")


async def _refused_to_decide(place: Place, examiner: Browser, path: str) -> None:
    try:
        await examiner.post(f"{path}/decision", {"approve": True, "note": "my own"})
    except StepFailed:
        place.story.did("examiner", "may not decide on the own proposal: refused")
    else:
        raise StepFailed("the examiner could decide on the own proposal")


def _fee(place: Place) -> int:
    """The fee in yen of the application that was filed today, for the period that is granted."""
    return fee(Procedure.EXTEND, Channel.ONLINE, place.today, stay=GRANTED)


async def _deliver(place: Place, staff: Browser, office: Browser, application_id: str, case_id: str) -> str:
    story = place.story
    story.chapter("4. Fee, old card, new card")

    async def granted() -> bool | None:
        application = await staff.get(f"/v1/applications/{application_id}")
        return True if application.get("outcome") == "granted" or application["status"] == "awaiting_fee" else None

    await until("the decision in the applicant's view", granted)
    await _pay(place, staff, application_id)
    await staff.post(
        f"/v1/applications/{application_id}/card-materials",
        {
            "carrier": "letter_pack_plus",
            "tracking_number": "123456789012",
            "residence_card_enclosed": True,
        },
    )
    story.did("company staff", "sent the old card and the envelope by tracked post")
    await place.event("CardMaterialsSent")

    await _sign_in(place, office, "card-office")
    path = f"/v1/cases/{case_id}"
    await office.post(f"{path}/card-materials-received", {"residence_card_received": True})
    story.did("card office", "recorded the old card")
    await place.event("CardMaterialsReceived")
    expires = (place.today + timedelta(days=3 * 365)).isoformat()
    await office.post(f"{path}/card", {"card_number": card_number(), "expires_on": expires})
    story.did("card office", "produced the new card")
    await place.event("CardIssued")
    tracking = "987654321098"
    await office.post(f"{path}/mailing", {"carrier": "letter_pack_plus", "tracking_number": tracking})
    story.did("card office", f"mailed it, tracking number {tracking}")
    await place.event("CardMailed")
    await place.mail(people.STAFF_MAIL, tracking)
    await place.mail(people.APPLICANT_MAIL, tracking)
    timeline = await staff.get(f"/v1/applications/{application_id}/timeline")
    story.did(
        "company staff", f"sees the whole way: {len(timeline['items'])} entries, the last: the card is on its way"
    )
    return tracking


async def _pay(place: Place, staff: Browser, application_id: str) -> None:
    """The fee, paid online at a convenience store."""
    story = place.story
    payment = await staff.post(f"/v1/payments/{application_id}", {"method": "convenience_store"})
    order = payment["orders"][0]
    story.did(
        "company staff",
        f"chose to pay at a convenience store: {order['fee_yen']:,} yen and a charge of {order['charge_yen']:,} yen,"
        f" number {order['pay_number']}",
    )
    await staff.pay(order["pay_url"])
    story.did("company staff", "paid with the number; the payment provider sent a signed notice")
    await place.event("FeePaid")
    await place.mail(people.STAFF_MAIL, f"{_fee(place):,}")


async def register_themselves(place: Place, foreigner: Browser) -> None:
    """The foreigner's own account: proved at the identity provider, without an officer and without a password."""
    story = place.story
    story.chapter("5. The foreigner's own account (利用者情報登録, マイナンバーカード)")
    led_to = await foreigner.prove_identity("sign-in", FOREIGNER.subject)
    # On data of an earlier run the account is there already.
    if led_to.startswith("/register/personal"):
        story.did("foreigner", f"proved at the identity provider to be {FOREIGNER.name}; there is no account yet")
        await foreigner.submit_form("/register/personal?role=self&lang=en", people.OWN_REGISTRATION)
        story.did("foreigner", "registered: approved at once, on the proved identity")
        await place.event("UsageRegistrationApproved")
        text = await place.mail(people.APPLICANT_MAIL, "/register/confirm/")
        link = _found(r"(/register/confirm/[A-Za-z0-9_-]+)", text, "the link")
        await foreigner.submit_form(link, {})
        story.did("foreigner", "confirmed the mail address with the link")
        await place.event("AccountActivated")
        await place.mail(people.APPLICANT_MAIL, "ZR-")
        await foreigner.prove_identity("sign-in", FOREIGNER.subject)
    me = await foreigner.who_am_i()
    rights = await foreigner.get("/v1/accounts/me/rights?status=ENG_HUM_INT")
    filed = [right["procedure"] for right in rights["rights"] if right["may_file"]]
    story.did("foreigner", f"signed in without a password as {_list(me['roles'])}; may file {_list(filed)}")


async def _sign_in(place: Place, officer: Browser, login_id: str) -> None:
    await officer.sign_in(login_id, people.PASSWORD, place.one_time_secrets[login_id])
    (shown,) = [one.shown for one in people.OFFICERS if one.login_id == login_id]
    place.story.did(shown, "signed in with password and one-time code")


def _found(pattern: str, text: str, what: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise StepFailed(f"{what} is not in the mail")
    return match.group(1)


def _list(codes: list[str]) -> str:
    return ", ".join(codes) or "none"
