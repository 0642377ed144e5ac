"""A Certificate of Eligibility: decided, issued, opened abroad with its link, acknowledged, and verified by anybody."""

import re

from deploy.demo import people
from deploy.demo.browser import Browser
from deploy.demo.place import Place
from deploy.demo.problems import StepFailed
from deploy.demo.waiting import until

_PERIOD = "Y3"


async def show_certificate(
    place: Place,
    staff: Browser,
    examiner: Browser,
    chief: Browser,
    office: Browser,
    holder: Browser,
    application_id: str,
) -> None:
    """From the examination of a COE to the receipt of its certificate by `holder`, who has no account."""
    story = place.story
    case = await examiner.find(f"/v1/cases/by-application/{application_id}", "the case of the application")
    path = f"/v1/cases/{case['id']}"
    await examiner.post(f"{path}/start")
    await examiner.post(f"{path}/proposal", {"outcome": "grant", "period_of_stay": _PERIOD})
    await chief.post(f"{path}/decision", {"approve": True, "note": "agreed"})
    story.did("chief examiner", "approved the certificate that the examiner proposed")
    await place.event("ReviewCompleted")

    async def granted() -> bool | None:
        found = await office.get(path)
        return True if found["state"] == "DECIDED_GRANT" else None

    await until("the decision to take effect", granted)
    await office.post(f"{path}/certificate", {"method": "EMAIL"})
    story.did("card office", "issued the certificate by e-mail")
    # The second follows the first on another topic, and an observer may see it before.
    await place.event("CertificateIssued", "PhotoReleased")
    text = await place.mail(people.APPLICANT_MAIL, "/certificate/")
    link = re.search(r"/certificate/([A-Za-z0-9_-]+)", text)
    if link is None:
        raise StepFailed("the link to the certificate is not in the mail")
    born = (await staff.get(f"/v1/applications/{application_id}"))["form"]["birth_date"]
    opened = await holder.post(f"/v1/certificate-links/{link.group(1)}", {"birth_date": born})
    story.did(
        "applicant abroad",
        f"opened the link with the date of birth: certificate {opened['number']}, valid until {opened['valid_until']}",
    )
    await holder.post(f"/v1/certificate-links/{link.group(1)}/receipt", {"birth_date": born})
    story.did("applicant abroad", "acknowledged it (受領登録)")
    await place.event("CertificateReceived")
    await place.mail(people.STAFF_MAIL, opened["number"])

    async def known() -> bool | None:
        return True if (await office.get(path))["certificate"]["received_at"] else None

    await until("the receipt on the case", known)
    story.did("card office", "sees on the case that the recipient has it")
