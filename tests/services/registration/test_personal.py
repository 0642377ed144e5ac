"""Persons who register with a proved identity: each class, what it asks for, when it ends, and how it goes on."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from typing import Any

import jwt
import pytest
from sqlalchemy import select

from deploy.local.identity_provider.people import CHILD, FOREIGNER, PARENT, RELATIVE, SCRIVENER
from services.registration.accounts.store.accounts import Account
from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.events.registration import (
    AccountActivated,
    RegistrationExpired,
    RegistrationExpiring,
    UsageRegistrationApproved,
    UsageRegistrationSubmitted,
)
from shared.ids import new_id
from tests.infra.databases import TestDatabase
from tests.services.registration.identity import CHECKLIST, IdentitySite, form, identity_site
from tests.services.registration.site import submission
from tests.support.keys import unsealed

PEOPLE = {"self": FOREIGNER, "lawyer_scrivener": SCRIVENER, "legal_rep": PARENT, "relative": RELATIVE}

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"roles": ["administrator"]}, "unknown-field"),
    ({"name": "SOMEBODY ELSE"}, "unknown-field"),
    ({"birth_date": "1980-01-01"}, "unknown-field"),
    ({"role": "org_staff"}, "not-a-choice"),
    ({"role": "user_approval"}, "not-a-choice"),
    ({"email": "an@example.com\r\nBcc: all@example.com"}, "email"),
    ({"terms_accepted": False}, "must-be-accepted"),
    ({"professional": form("lawyer_scrivener")["professional"]}, "not-asked"),
    ({"email": None}, "required"),
    (form("lawyer_scrivener") | {"professional": None}, "required"),
    (
        form("lawyer_scrivener")
        | {"professional": form("lawyer_scrivener")["professional"] | {"certificate_valid_until": "2026-11-19"}},
        "certificate-over",
    ),
    (
        form("legal_rep")
        | {"representation": {"kind": "spouse", "people": [{"name": "GROWN UP", "birth_date": "2000-01-01"}]}},
        "not-a-choice",
    ),
    (
        form("legal_rep")
        | {"representation": {"kind": "parent", "people": [{"name": "A\x1bB", "birth_date": "2014-01-01"}]}},
        "control-character",
    ),
    (
        form("legal_rep")
        | {"representation": {"kind": "parent", "people": [{"name": "GROWN UP", "birth_date": "2000-01-01"}]}},
        "too-old",
    ),
]


@pytest.fixture
async def site(service_database: Callable[[str], TestDatabase], clock: ManualClock) -> AsyncIterator[IdentitySite]:
    async with identity_site(service_database("registration"), clock) as started:
        yield started


def _claims(token: dict[str, str]) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(
        token["Authorization"].removeprefix("Bearer "), options={"verify_signature": False}
    )
    return claims


async def test_the_foreigner_registers_without_an_officer_and_signs_in_without_a_password(site: IdentitySite) -> None:
    made = await site.register(form("self"))
    assert made.status_code == 201, made.text
    assert made.json()["status"] == "approved"
    assert made.json()["valid_until"] == "2029-11-20"
    assert made.json()["confirm_by_mail"] is True
    assert await site.events(UsageRegistrationSubmitted) == []
    # Nobody else hears of the account, and nobody gets in, before the mail address is confirmed.
    assert await site.events(AccountActivated) == []
    assert (await site.prove()).json()["outcome"] == "ticket"
    login_id = (await site.confirm()).json()["login_id"]
    (reported,) = await site.events(AccountActivated)
    assert (reported.role, reported.roles, reported.valid_until) == ("self", ("self",), date(2029, 11, 20))
    session = await site.signed_in_by_identity()
    header = await site.header(session["session_secret"])
    seen = (await site.get("/v1/accounts/me", header)).json()
    assert (seen["login_id"], seen["name"], seen["roles"]) == (login_id, FOREIGNER.name, ["self"])
    # The link worked once, and there is no password to guess.
    assert (await site.confirm()).status_code == 404
    assert (await site.sign_in(login_id)).status_code == 401
    assert await site.service.journal_problems() == []
    text = str(await site.journal())
    assert FOREIGNER.subject not in text
    assert FOREIGNER.birth_date not in text


@pytest.mark.parametrize("role", CHECKLIST)
async def test_an_officer_approves_the_other_classes_by_their_own_checklist(site: IdentitySite, role: str) -> None:
    body = form(role)
    refused = await site.register(body | {"documents": []}, PEOPLE[role])
    assert [error["code"] for error in refused.json()["errors"]] == ["document-missing"]
    made = await site.register(body, PEOPLE[role])
    assert made.json()["status"] == "submitted"
    officer = await site.officer()
    path = f"/v1/usage-registrations/{made.json()['id']}"
    seen = (await site.get(path, officer)).json()
    assert (seen["personal"]["name"], seen["personal"]["birth_date"]) == (PEOPLE[role].name, PEOPLE[role].birth_date)
    for missing in CHECKLIST[role]:
        confirmed = {code: True for code in CHECKLIST[role] if code != missing}
        refused = await site.post(f"{path}/approve", {"requirements": confirmed}, headers=officer)
        assert [error["pointer"] for error in refused.json()["errors"]] == [f"/requirements/{missing}"]
    approved = await site.post(f"{path}/approve", {"requirements": CHECKLIST[role]}, headers=officer)
    assert approved.status_code == 200, approved.text
    assert (await site.confirm()).status_code == 200
    assert (await site.signed_in_by_identity(PEOPLE[role]))["roles"] == [role]
    assert await site.service.journal_problems() == []


async def test_each_class_ends_when_its_ground_ends(site: IdentitySite) -> None:
    ends = {}
    for role in ("lawyer_scrivener", "legal_rep", "relative"):
        child = {"name": "NGUYEN LINH", "birth_date": "2011-02-28" if role == "relative" else "2009-03-01"}
        more = {"representation": {"kind": "mother" if role == "relative" else "parent", "people": [child]}}
        made = await site.register(form(role, **({} if role == "lawyer_scrivener" else more)), PEOPLE[role])
        assert made.status_code == 201, made.text
        officer = await site.officer(login_id=f"approver.{role}")
        answer = await site.decide(made.json()["id"], "approve", {"requirements": CHECKLIST[role]}, officer)
        ends[role] = answer.json()["valid_until"]
    assert ends == {
        "lawyer_scrivener": "2028-03-31",  # the certificate's last day
        "legal_rep": "2027-02-28",  # the day before the child is 18
        "relative": "2027-02-27",  # the day before the child is 16
    }


async def test_a_relative_of_somebody_who_is_16_proves_that_they_cannot_apply(site: IdentitySite) -> None:
    adult = {"representation": {"kind": "spouse", "people": [{"name": "LE HOA", "birth_date": "1990-01-01"}]}}
    refused = await site.register(form("relative", **adult), RELATIVE)
    assert "UA_INABILITY" in refused.json()["errors"][0]["message"]
    made = await site.register(form("relative", **adult, documents=["UA_KINSHIP", "UA_INABILITY"]), RELATIVE)
    answer = await site.decide(
        made.json()["id"], "approve", {"requirements": CHECKLIST["relative"]}, await site.officer()
    )
    # No birthday ends it.
    assert answer.json()["valid_until"] == "2029-11-20"


async def test_what_is_wrong_is_refused_at_its_field_and_the_ticket_stays_good(site: IdentitySite) -> None:
    ticket = await site.ticket()
    for changes, code in WRONG:
        refused = await site.post("/v1/personal-registrations", form("self") | {"ticket": ticket} | changes)
        assert refused.status_code == 422, refused.text
        assert code in [error["code"] for error in refused.json()["errors"]], changes
    assert await site.journal() == []
    taken = await site.post("/v1/personal-registrations", form("self") | {"ticket": ticket})
    assert taken.status_code == 201, taken.text


async def test_who_is_under_15_does_not_register_themselves(site: IdentitySite) -> None:
    refused = await site.register(form("self"), CHILD)
    assert (refused.status_code, refused.json()["code"]) == (403, "class-not-open")
    assert await site.journal() == []


async def test_a_ticket_is_good_once_also_for_two_at_the_same_moment(site: IdentitySite) -> None:
    ticket = await site.ticket()
    body = form("self") | {"ticket": ticket}
    answers = await asyncio.gather(*(site.post("/v1/personal-registrations", body) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401, 401, 401]
    assert {a.json()["code"] for a in answers if a.status_code == 401} == {"ticket-not-valid"}
    site.clock.advance(timedelta(minutes=1))
    over = await site.ticket()
    site.clock.advance(timedelta(minutes=31))
    late = await site.post("/v1/personal-registrations", body | {"ticket": over})
    assert late.json()["code"] == "ticket-not-valid"


async def test_one_identity_makes_one_account_also_with_two_tickets_at_once(site: IdentitySite) -> None:
    tickets = [await site.ticket() for _ in range(3)]
    bodies = [form("lawyer_scrivener") | {"ticket": ticket} for ticket in tickets]
    answers = await asyncio.gather(*(site.post("/v1/personal-registrations", body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"already-registered"}
    assert len(await site.events(UsageRegistrationSubmitted)) == 1


async def test_one_identity_adds_classes_to_its_account(site: IdentitySite) -> None:
    await site.registered("self")
    more = form("legal_rep") | {"email": None, "phone": None}
    made = await site.register(more)
    assert made.status_code == 201, made.text
    officer = await site.officer()
    body = {"requirements": CHECKLIST["legal_rep"]}
    assert (await site.decide(made.json()["id"], "approve", body, officer)).status_code == 200
    first, second = await site.events(AccountActivated)
    assert first.account_id == second.account_id
    assert set(second.roles) == {"self", "legal_rep"}
    assert (await site.signed_in_by_identity())["roles"] == ["legal_rep", "self"]
    # Another address is no way to another mailbox.
    other = await site.register(form("relative") | {"email": "other@example.com"})
    assert [error["code"] for error in other.json()["errors"]] == ["email-not-here"]


async def test_a_mistyped_address_is_mended_by_proving_again_and_its_link_is_dead(site: IdentitySite) -> None:
    await site.register(form("self", email="typo@example.com"))
    first = await site.link()
    again = await site.register(form("self", email="right@example.com"))
    assert again.status_code == 201, again.text
    sent = (await site.events(UsageRegistrationApproved))[-1]
    assert unsealed(sent.recipient.sealed_address) == "right@example.com"
    assert (await site.post(f"/v1/password-links/{first}/confirm")).status_code == 404
    assert (await site.confirm()).status_code == 200
    refused = await site.register(form("self", email=None))
    assert (refused.status_code, refused.json()["code"]) == (409, "already-registered")
    (account,) = await _accounts(site)
    assert account.email == "right@example.com"


async def test_what_was_returned_is_handed_in_again_and_what_was_rejected_begun_anew(site: IdentitySite) -> None:
    made = (await site.register(form("lawyer_scrivener"), SCRIVENER)).json()
    officer = await site.officer()
    items = {"items": [{"code": "UA_NOTICE_CERT", "message": "写しが不鮮明です"}]}
    assert (await site.decide(made["id"], "return", items, officer)).status_code == 200
    ticket = await site.ticket(SCRIVENER)
    seen = (await site.post("/v1/identity-tickets", {"ticket": ticket})).json()
    assert (seen["status"], seen["receipt_number"]) == ("returned", made["receipt_number"])
    assert seen["returned_items"] == items["items"], "item by item, on the page where it is corrected"
    again = await site.post("/v1/personal-registrations", form("lawyer_scrivener") | {"ticket": ticket})
    assert (again.json()["id"], again.json()["status"]) == (made["id"], "submitted")
    reason = {"reason_code": "requirements_not_met", "reason": "証明書が確認できない"}
    assert (await site.decide(made["id"], "reject", reason, officer)).status_code == 200
    again = await site.register(form("lawyer_scrivener"), SCRIVENER)
    assert again.status_code == 201
    assert again.json()["receipt_number"] != made["receipt_number"]
    assert len(await _accounts(site)) == 1


async def test_a_registration_ends_with_reminders_and_is_renewed_by_proving_again(site: IdentitySite) -> None:
    await site.registered("self")
    early = await site.register(form("self", email=None))
    assert early.json()["code"] == "already-registered"
    site.clock.advance(date(2029, 9, 21) - date(2026, 11, 20) + timedelta())
    await site.work_timers()
    (reminder,) = await site.events(RegistrationExpiring)
    assert (reminder.role, reminder.report_due_on) == ("self", date(2029, 11, 20))
    renewed = await site.register(form("self", email=None))
    assert renewed.json()["valid_until"] == "2032-11-20", "no day is lost"
    header = await site.header((await site.signed_in_by_identity())["session_secret"])
    (held,) = (await site.get("/v1/accounts/me/memberships", header)).json()["items"]
    assert held["receipt_number"] == renewed.json()["receipt_number"]
    site.clock.advance(timedelta(days=365 * 4))
    await site.work_timers()
    assert len(await site.events(RegistrationExpired)) == 1
    # It is over: what was filed can be read, and the next registration begins today.
    header = await site.header((await site.signed_in_by_identity())["session_secret"])
    assert _claims(header)["lapsed"] is True
    again = await site.register(form("self", email=None))
    assert again.status_code == 201
    assert "lapsed" not in _claims(await site.header((await site.signed_in_by_identity())["session_secret"]))
    assert await site.service.journal_problems() == []


async def test_a_refused_renewal_takes_nothing_away(site: IdentitySite) -> None:
    await site.registered("lawyer_scrivener", SCRIVENER)
    site.clock.advance(timedelta(days=490))
    later = form("lawyer_scrivener", email=None)
    later["professional"] = later["professional"] | {"certificate_valid_until": "2031-03-31"}
    made = await site.register(later, SCRIVENER)
    assert made.json()["status"] == "submitted", made.text
    assert (await site.signed_in_by_identity(SCRIVENER))["roles"] == ["lawyer_scrivener"]
    officer = Actor(kind="officer", id=new_id(), roles=frozenset({Role.USER_APPROVAL}), office="TYO")
    reason = {"reason_code": "requirements_not_met", "reason": "写しが不鮮明です"}
    answer = await site.decide(made.json()["id"], "reject", reason, await site.bearer(officer))
    assert answer.status_code == 200, answer.text
    header = await site.header((await site.signed_in_by_identity(SCRIVENER))["session_secret"])
    assert "lapsed" not in _claims(header)


async def test_the_form_of_organisations_does_not_touch_a_persons_registration(site: IdentitySite) -> None:
    made = (await site.register(form("lawyer_scrivener"), SCRIVENER)).json()
    items = {"items": [{"code": "UA_NOTICE_CERT", "message": "写しが不鮮明です"}]}
    await site.decide(made["id"], "return", items, await site.officer())
    body = submission(applicant={"email": "an.nguyen@example.com"}, receipt_number=made["receipt_number"])
    assert (await site.post(f"/v1/usage-registrations/{made['id']}/resubmit", body)).status_code == 404


async def test_a_suspended_account_is_shut_also_for_the_identity(site: IdentitySite) -> None:
    await site.registered("self")
    (account,) = await _accounts(site)
    officer = await site.officer()
    path = f"/v1/accounts/{account.id}"
    assert (await site.post(f"{path}/suspend", {"reason_code": "terms_violated"}, headers=officer)).status_code == 200
    shut = await site.prove()
    assert (shut.status_code, shut.json()["code"]) == (403, "account-suspended")
    refused = await site.register(form("relative"))
    assert refused.json()["code"] == "account-suspended"


async def test_every_class_is_listed_with_how_it_registers_and_what_it_files(site: IdentitySite) -> None:
    answer = await site.get("/v1/user-classes")
    found = {row["role"]: row for row in answer.json()["items"]}
    assert {role: row["registers_by"] for role, row in found.items()} == {
        **dict.fromkeys(("org_staff", "supervising_org_staff", "public_interest_staff", "rso_staff"), "organisation"),
        **dict.fromkeys(("lawyer_scrivener", "self", "legal_rep", "relative"), "identity"),
    }
    assert [role for role, row in found.items() if not row["examined"]] == ["self"]
    assert {d["code"]: d["condition"] for d in found["relative"]["documents"]} == {
        "UA_KINSHIP": "always",
        "UA_INABILITY": "unable",
    }
    assert set(found["self"]["procedures"]) - set(found["relative"]["procedures"]) == {"WORKCERT", "EXTRA_ACT"}


async def _accounts(site: IdentitySite) -> list[Account]:
    async with site.service.db.read() as session:
        return list(await session.scalars(select(Account).where(Account.kind == "person")))
