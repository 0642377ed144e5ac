"""Officers' accounts: invited, changed, stopped and helped by administrators, who never act on themselves."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import jwt
import pyotp
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.registration.accounts.store.accounts import OfficerRole
from services.registration.officers.commands.creation import create_officer
from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.errors import Conflict, Invalid
from shared.events.registration import (
    AccountClosed,
    AccountSuspended,
    CredentialChanged,
    OfficerInvited,
    OfficerRolesChanged,
)
from shared.ids import new_id
from tests.services.registration.authenticator import Authenticator
from tests.services.registration.bureau import ADDRESS, NEW, REASON, OfficerAdmin
from tests.services.registration.site import OTHER_PASSWORD, PASSWORD, App
from tests.support.keys import unsealed

ADMINISTERED: dict[str, Any] = {
    "invitation": None,
    "email": {"email": "new.address@example.go.jp"},
    "suspend": REASON,
    "lift": None,
    "close": REASON,
    "second-factor-reset": None,
}


async def test_an_invited_officer_sets_a_password_then_a_second_factor_and_only_then_has_their_roles(
    bureau: OfficerAdmin,
) -> None:
    site = bureau.site
    officer_id = await bureau.invited()
    (mail,) = await site.events(OfficerInvited)
    assert (mail.office, mail.roles) == ("OSA", ("examiner", "reception"))
    assert unsealed(mail.recipient.sealed_address) == NEW["email"]
    login_id = unsealed(mail.sealed_login_id)
    assert (await site.sign_in(login_id)).status_code == 401

    answer = await site.set_password(await bureau.link())
    assert answer.json() == {"login_id": login_id}
    opened = (await site.sign_in(login_id)).json()
    assert (opened["enrolment_required"], opened["roles"]) == (True, [])
    headers = await site.header(opened["session_secret"])
    assert (await site.get("/v1/accounts/me", headers)).json()["roles"] == []

    begun = (await site.post("/v1/accounts/me/second-factor/totp", headers=headers)).json()
    app = App(pyotp.TOTP(begun["secret"]), site.clock)
    confirmed = await site.post("/v1/accounts/me/second-factor/totp/confirm", {"code": app.code()}, headers=headers)
    assert confirmed.status_code == 200, confirmed.text
    headers = await site.header((await site.both_steps(login_id, app))["session_secret"])
    me = (await site.get("/v1/accounts/me", headers)).json()
    assert (me["kind"], me["office"], me["roles"]) == ("officer", "OSA", ["examiner", "reception"])
    assert (await bureau.state(officer_id))["second_factor"] is True
    assert await site.service.journal_problems() == []


async def test_an_invitation_works_once_within_its_time_and_a_newer_one_ends_it(
    bureau: OfficerAdmin, clock: ManualClock
) -> None:
    site = bureau.site
    officer_id = await bureau.invited()
    first = await bureau.link()
    assert (await bureau.post(f"/{officer_id}/invitation")).status_code == 200
    assert (await site.set_password(first)).json()["code"] == "link-not-valid"
    second = await bureau.link()
    clock.advance(timedelta(hours=73))
    assert (await site.set_password(second)).json()["code"] == "link-not-valid"
    bureau.headers = await site.officer_signed_in(bureau.administrator_id)
    assert (await bureau.post(f"/{officer_id}/invitation")).status_code == 200
    third = await bureau.link()
    tries = await asyncio.gather(*(site.set_password(third) for _ in range(3)))
    assert sorted(answer.status_code for answer in tries) == [200, 404, 404]
    assert (await site.set_password(third, OTHER_PASSWORD)).status_code == 404
    again = await bureau.post(f"/{officer_id}/invitation")
    assert (again.status_code, again.json()["code"]) == (409, "step-not-possible")


async def test_a_repeated_invitation_makes_one_account_and_ten_at_once_too(bureau: OfficerAdmin) -> None:
    answers = await asyncio.gather(*(bureau.post("", NEW, key="the-same") for _ in range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    others = await asyncio.gather(*(bureau.post("", NEW | {"email": "two@example.go.jp"}) for _ in range(10)))
    assert sorted(answer.status_code for answer in others) == [201, *[409] * 9]
    assert {answer.json()["code"] for answer in others if answer.status_code == 409} == {"officer-known"}
    assert len(await bureau.site.events(OfficerInvited)) == 2


@pytest.mark.parametrize(
    "email",
    [ADDRESS, ADDRESS.upper(), ADDRESS.replace("@", "+second@"), ADDRESS.replace("example", "ｅｘａｍｐｌｅ")],
    ids=["same", "case", "plus", "width"],
)
async def test_nobody_invites_themself_under_another_spelling(bureau: OfficerAdmin, email: str) -> None:
    answer = await bureau.post("", NEW | {"email": email, "roles": ["examiner"]})
    assert (answer.status_code, answer.json()["code"]) == (403, "own-account"), answer.text
    assert await bureau.site.events(OfficerInvited) == []


async def test_the_command_line_knows_who_is_an_officer_already(bureau: OfficerAdmin) -> None:
    for email in (ADDRESS, "ＡＤＭＩＮ.tyo@EXAMPLE.go.jp", ADDRESS.replace("@", "+2@")):
        with pytest.raises(Conflict) as refused:
            await bureau.site.officer(Role.EXAMINER, login_id="second.tyo", email=email)
        assert refused.value.code == "officer-known"
    for roles in ([Role.ADMINISTRATOR], [Role.AUDITOR, Role.EXAMINER]):
        with pytest.raises(Invalid):
            await create_officer(
                bureau.site.context, login_id="x.tyo", name="x", roles=roles, office="TYO", password=PASSWORD
            )


IMPOSSIBLE: list[dict[str, Any]] = [
    {"roles": []},
    {"roles": ["org_staff"]},
    {"roles": ["examiner", "self"]},
    {"roles": ["auditor", "operator"]},
    {"roles": ["nobody"]},
    {"office": "XXX"},
    {"email": "not an address"},
    {"email": "two@example.go.jp\r\nBcc: all@example.jp"},
    {"name": ""},
    {"kind": "person"},
    {"state": "active"},
    {"login_id": "root"},
    {"organisation_id": str(new_id())},
]


async def test_what_an_invitation_cannot_say_is_refused(bureau: OfficerAdmin) -> None:
    for wrong in IMPOSSIBLE:
        answer = await bureau.post("", NEW | wrong)
        assert answer.status_code == 422, f"{wrong}: {answer.text}"
    officer_id = await bureau.invited()
    for path, body in (
        ("roles", {"roles": ["examiner"], "state": "active"}),
        ("roles", {"roles": ["auditor", "examiner"]}),
        ("roles", {"roles": []}),
        ("roles", {"roles": ["org_staff"]}),
        ("office", {"office": "XXX"}),
        ("office", {"office": "TYO", "roles": ["administrator"]}),
    ):
        assert (await bureau.put(f"/{officer_id}/{path}", body)).status_code == 422, body
    found = await bureau.state(officer_id)
    assert (found["roles"], found["office"], found["revision"]) == (["examiner", "reception"], "OSA", 2)


async def test_granting_and_revoking_keeps_the_history_ends_the_sessions_and_tells_the_officer(
    bureau: OfficerAdmin,
) -> None:
    site = bureau.site
    officer_id, login_id, app, _ = await bureau.working()
    secret = (await site.both_steps(login_id, app))["session_secret"]
    path = f"/{officer_id}/roles"
    granted = await bureau.put(path, {"roles": ["examiner", "reception", "card_office"]})
    assert granted.json()["roles"] == ["card_office", "examiner", "reception"]
    me = (await site.get("/v1/accounts/me", await site.header(secret))).json()
    assert me["roles"] == ["card_office", "examiner", "reception"]

    revoked = await bureau.put(path, {"roles": ["examiner"]}, granted.headers["etag"])
    assert revoked.json()["roles"] == ["examiner"]
    assert (await site.exchange(secret)).status_code == 401
    assert (await bureau.put(path, {"roles": ["reception"]}, granted.headers["etag"])).status_code == 412
    assert (await bureau.put(path, {"roles": ["reception"]}, None)).status_code == 428
    unchanged = await bureau.put(path, {"roles": ["examiner"]}, revoked.headers["etag"])
    assert unchanged.headers["etag"] == revoked.headers["etag"]
    again = await bureau.put(path, {"roles": ["examiner", "reception"]})
    assert again.json()["roles"] == ["examiner", "reception"]

    grants = (await bureau.state(officer_id))["grants"]
    assert [(g["role"], g["revoked_at"] is None) for g in grants].count(("reception", False)) == 1
    assert [(g["role"], g["revoked_at"] is None) for g in grants].count(("reception", True)) == 1
    assert {g["granted_by"] for g in grants} == {str(bureau.administrator_id)}
    reported = await site.events(OfficerRolesChanged)
    assert len(reported) == 3
    assert [event.roles for event in reported][-1] == ("examiner", "reception")
    assert {event.reason_code for event in reported} == {"roles_changed"}
    assert await site.service.journal_problems() == []


async def test_an_officer_who_moves_signs_in_again_for_the_new_office(bureau: OfficerAdmin) -> None:
    site = bureau.site
    officer_id, login_id, app, _ = await bureau.working()
    secret = (await site.both_steps(login_id, app))["session_secret"]
    assert (await bureau.put(f"/{officer_id}/office", {"office": "SPK"})).json()["office"] == "SPK"
    assert (await site.exchange(secret)).status_code == 401
    opened = await site.both_steps(login_id, app)
    me = (await site.get("/v1/accounts/me", await site.header(opened["session_secret"]))).json()
    assert me["office"] == "SPK"
    (reported,) = await site.events(OfficerRolesChanged)
    assert (reported.reason_code, reported.office) == ("office_changed", "SPK")


async def test_accounts_with_one_staff_number_have_tokens_for_one_human(bureau: OfficerAdmin) -> None:
    site = bureau.site
    first_id, first, app, _ = await bureau.working(staff_number="A012345")
    second_id, second, second_app, _ = await bureau.working(email="ichiro.second@example.go.jp")

    async def person(login_id: str, app: App) -> str | None:
        opened = await site.both_steps(login_id, app)
        token = (await site.exchange(opened["session_secret"])).json()["access_token"]
        found: str | None = jwt.decode(token, options={"verify_signature": False}).get("person")
        return found

    assert await person(second, second_app) is None
    session = (await site.both_steps(second, second_app))["session_secret"]
    answer = await bureau.put(f"/{second_id}/staff-number", {"staff_number": "A012345"})
    assert answer.status_code == 200, answer.text
    assert (await site.exchange(session)).status_code == 401, "a session from before does not say who it is"
    key = await person(first, app)
    assert key is not None and "A012345" not in key
    assert await person(second, second_app) == key
    assert (await bureau.state(first_id))["staff_number"] == "A012345"
    await bureau.put(f"/{second_id}/staff-number", {"staff_number": "B9"})
    assert await person(second, second_app) not in (None, key)
    wrong = await bureau.put(f"/{second_id}/staff-number", {"staff_number": "a b"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/staff_number")


async def test_a_stopped_officer_is_out_until_the_stop_is_lifted_and_a_closed_one_for_good(
    bureau: OfficerAdmin,
) -> None:
    site = bureau.site
    officer_id, login_id, app, _ = await bureau.working()
    secret = (await site.both_steps(login_id, app))["session_secret"]
    assert (await bureau.post(f"/{officer_id}/suspend", REASON)).json()["state"] == "suspended"
    assert (await site.exchange(secret)).status_code == 401
    assert (await site.sign_in(login_id)).json()["code"] == "account-suspended"
    assert len(await site.events(AccountSuspended)) == 1
    assert (await bureau.post(f"/{officer_id}/lift")).json()["state"] == "active"
    assert (await site.both_steps(login_id, app))["roles"] == ["examiner", "reception"]
    assert (await bureau.post(f"/{officer_id}/close", REASON)).json()["state"] == "closed"
    assert len(await site.events(AccountClosed)) == 1
    assert (await site.sign_in(login_id)).status_code == 401
    for step, body in ADMINISTERED.items():
        answer = await bureau.post(f"/{officer_id}/{step}", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "step-not-possible"), step
    assert (await bureau.put(f"/{officer_id}/roles", {"roles": ["administrator"]})).status_code == 409
    # An officer who comes back is invited again, under a new account.
    await bureau.invited()
    assert await site.service.journal_problems() == []


async def test_who_lost_the_second_factor_gets_in_with_the_mailed_link_and_a_stolen_password_opens_nothing(
    bureau: OfficerAdmin,
) -> None:
    site = bureau.site
    officer_id, login_id, app, headers = await bureau.working()
    options = (await site.post("/v1/accounts/me/passkeys/options", headers=headers)).json()["public_key"]
    key = Authenticator(site.context.settings.origin)
    added = await site.post("/v1/accounts/me/passkeys", {"credential": key.create(options)}, headers=headers)
    assert added.status_code in (200, 201), added.text
    pending = await site.pending(login_id)
    secret = (await site.both_steps(login_id, app))["session_secret"]

    second = await site.officer(Role.ADMINISTRATOR, login_id="admin.osa")
    assert (await bureau.post(f"/{officer_id}/second-factor-reset")).json()["state"] == "active"
    alone = await bureau.post(f"/{officer_id}/second-factor-reset")
    assert (alone.status_code, alone.json()["code"]) == (409, "second-officer-needed")
    assert (await bureau.state(officer_id))["reset"]["you"] is True
    assert (await site.exchange(secret)).status_code == 200, "nothing has changed yet"
    answer = await site.post(f"/v1/officers/{officer_id}/second-factor-reset", headers=second)
    assert answer.json()["state"] == "registered"
    assert not {"secret", "provisioning_uri", "recovery_codes"} & set(answer.json())
    assert (await site.exchange(secret)).status_code == 401
    assert (await site.sign_in(login_id)).status_code == 401
    assert (await site.second_step(pending, code=app.next())).status_code == 401
    assert (await site.second_step(pending, recovery_code=app.recovery_codes[0])).status_code == 401
    asked = (await site.post("/v1/sessions/passkey/options")).json()["public_key"]
    assert (await site.post("/v1/sessions/passkey", {"credential": key.get(asked)})).status_code == 401
    await site.post("/v1/password-resets", {"login_id": login_id})
    await site.work_timers()
    assert (await site.events(CredentialChanged))[-1].change == "second_factor_removed"

    assert (await site.set_password(await bureau.link(), OTHER_PASSWORD)).json()["login_id"] == login_id
    assert (await site.sign_in(login_id, PASSWORD)).status_code == 401
    opened = (await site.sign_in(login_id, OTHER_PASSWORD)).json()
    assert (opened["enrolment_required"], opened["roles"]) == (True, [])
    assert await site.service.journal_problems() == []


async def test_of_ten_confirmations_of_a_reset_at_once_one_does_it(bureau: OfficerAdmin) -> None:
    site = bureau.site
    officer_id, *_ = await bureau.working()
    second = await site.officer(Role.ADMINISTRATOR, login_id="admin.osa")
    path = f"/v1/officers/{officer_id}/second-factor-reset"
    asked = await asyncio.gather(*(bureau.post(f"/{officer_id}/second-factor-reset") for _ in range(5)))
    assert sorted(answer.status_code for answer in asked) == [200, 409, 409, 409, 409]
    invited = len(await site.events(OfficerInvited))
    done = await asyncio.gather(*(site.post(path, headers=second) for _ in range(10)))
    assert sorted(answer.status_code for answer in done) == [200] + [409] * 9
    assert len(await site.events(OfficerInvited)) == invited + 1, "one link"
    assert await site.service.journal_problems() == []


async def test_two_accounts_of_one_human_do_not_reset_a_second_factor(bureau: OfficerAdmin) -> None:
    site = bureau.site
    officer_id, *_ = await bureau.working()
    second = await site.officer(Role.ADMINISTRATOR, login_id="admin.osa")
    async with site.service.db.transaction() as session:
        await session.execute(text("UPDATE accounts SET staff_number = 'A012345' WHERE login_id LIKE 'admin.%'"))
    assert (await bureau.post(f"/{officer_id}/second-factor-reset")).status_code == 200
    answer = await site.post(f"/v1/officers/{officer_id}/second-factor-reset", headers=second)
    assert (answer.status_code, answer.json()["code"]) == (409, "second-officer-needed")


async def test_an_administrator_does_nothing_to_themself(bureau: OfficerAdmin) -> None:
    before = await bureau.state(bureau.administrator_id)
    for step, body in ADMINISTERED.items():
        answer = await bureau.post(f"/{bureau.administrator_id}/{step}", body)
        assert (answer.status_code, answer.json()["code"]) == (403, "own-account"), step
    for path, body in (
        ("roles", {"roles": ["administrator", "chief_examiner"]}),
        ("roles", {"roles": ["examiner"]}),
        ("office", {"office": "OSA"}),
    ):
        answer = await bureau.put(f"/{bureau.administrator_id}/{path}", body)
        assert (answer.status_code, answer.json()["code"]) == (403, "own-account")
    assert await bureau.state(bureau.administrator_id) == before
    with pytest.raises(IntegrityError, match="ck_officer_roles_not_their_own"):
        async with bureau.site.service.db.transaction() as session:
            me = bureau.administrator_id
            row = OfficerRole(id=new_id(), account_id=me, role="examiner", granted_at=bureau.site.clock.now())
            row.granted_by = me
            session.add(row)


@pytest.mark.parametrize(
    ("method", "step", "body"),
    [("POST", "suspend", REASON), ("PUT", "roles", {"roles": ["auditor"]}), ("POST", "close", REASON)],
)
async def test_of_two_administrators_who_remove_each_other_at_once_one_remains(
    bureau: OfficerAdmin, method: str, step: str, body: dict[str, Any]
) -> None:
    site = bureau.site

    async def remove(officer_id: str, headers: dict[str, str], turn: int) -> tuple[int, str | None]:
        sent = headers | {"If-Match": "*", "Idempotency-Key": f"{officer_id}-{turn}"}
        answer = await site.service.client.request(method, f"/v1/officers/{officer_id}/{step}", json=body, headers=sent)
        return answer.status_code, answer.json().get("code")

    survivor, headers = str(bureau.administrator_id), bureau.headers
    for turn in range(4):
        bureau.headers = headers
        other, _, _, others = await bureau.working(email=f"other{turn}@example.go.jp", roles=["administrator"])
        first, second = await asyncio.gather(remove(other, headers, turn), remove(survivor, others, turn))
        # Who comes second has no session any more: neither both, nor none, nor "try again".
        assert sorted((first, second), key=str) == [(200, None), (403, "step-up-required")]
        if second[0] == 200:
            survivor, headers = other, others
    async with site.service.db.read() as session:
        active = text(
            "SELECT DISTINCT account_id::text FROM officer_roles JOIN accounts ON accounts.id = account_id"
            " WHERE state = 'active' AND role = 'administrator' AND revoked_at IS NULL"
        )
        assert list(await session.scalars(active)) == [survivor]


async def test_what_counts_is_who_is_an_administrator_now_and_not_what_a_token_says(bureau: OfficerAdmin) -> None:
    site = bureau.site
    officer_id = await bureau.invited()
    examiner = await site.officer(Role.EXAMINER, login_id="examiner.tyo", email="examiner@example.go.jp")
    me = (await site.get("/v1/accounts/me", examiner)).json()
    async with site.service.db.read() as session:
        held = await session.scalar(text("SELECT id FROM sessions WHERE account_id = :me"), {"me": me["id"]})
    raised = Actor(
        kind="officer", id=UUID(me["id"]), roles=frozenset({Role.ADMINISTRATOR}), office="TYO", session_id=held
    )
    answer = await site.post(f"/v1/officers/{officer_id}/suspend", REASON, headers=await site.bearer(raised))
    assert answer.status_code == 403
    # An administrator's last token, after the role was taken away.
    other_id, _, _, others = await bureau.working(email="other@example.go.jp", roles=["administrator"])
    assert (await bureau.put(f"/{other_id}/roles", {"roles": ["operator"]})).status_code == 200
    answer = await site.post("/v1/officers", NEW | {"email": "x@example.go.jp"}, headers=others)
    assert (answer.status_code, answer.json()["code"]) == (403, "step-up-required")
    assert (await bureau.state(officer_id))["state"] == "registered"


async def test_an_approving_officer_stops_people_and_no_officer(bureau: OfficerAdmin) -> None:
    site = bureau.site
    approver = await site.officer()
    officer_id = await bureau.invited()
    for path in (f"/v1/officers/{officer_id}/close", f"/v1/accounts/{officer_id}/close"):
        assert (await site.post(path, REASON, headers=approver)).status_code in (403, 404)
    person = await site.person(approver)
    for step in ("suspend", "close"):
        assert (await bureau.post(f"/{person.account_id}/{step}", REASON)).status_code == 404
    assert (await bureau.put(f"/{person.account_id}/roles", {"roles": ["examiner"]})).status_code == 404
    assert await site.events(AccountSuspended) == await site.events(AccountClosed) == []


async def test_sensitive_acts_want_a_session_that_was_proved_lately(bureau: OfficerAdmin, clock: ManualClock) -> None:
    site = bureau.site
    approver = await site.officer(email="approver@example.go.jp")
    person = await site.person(approver)
    officer_id = await bureau.invited()
    _, login_id, app, _ = await bureau.working(
        email="second@example.go.jp", office="TYO", roles=["administrator", "user_approval"]
    )
    secret = (await site.both_steps(login_id, app))["session_secret"]
    clock.advance(timedelta(minutes=21))
    stale = await site.header(secret)
    account = f"/v1/accounts/{person.account_id}"
    membership = f"{account}/memberships/{new_id()}/end"
    posts: list[tuple[str, Any]] = [
        (f"{account}/suspend", REASON),
        (f"{account}/lift", None),
        (f"{account}/close", REASON),
    ]
    posts += [(membership, REASON), ("/v1/officers", NEW | {"email": "new@example.go.jp"})]
    posts += [(f"/v1/officers/{officer_id}/{step}", body) for step, body in ADMINISTERED.items()]

    async def refused(request: Awaitable[httpx.Response]) -> None:
        answer = await request
        assert (answer.status_code, answer.json()["code"]) == (403, "step-up-required"), answer.text

    lines = len(await site.journal())
    for path, body in posts:
        await refused(site.post(path, body, headers=stale))
    put: Callable[..., Awaitable[httpx.Response]] = site.service.client.put
    for path, body in (("roles", {"roles": ["operator"]}), ("office", {"office": "TYO"})):
        await refused(put(f"/v1/officers/{officer_id}/{path}", json=body, headers=stale | {"If-Match": "*"}))
    assert len(await site.journal()) == lines

    stepped = await site.post("/v1/sessions/step-up", {"session_secret": secret, "code": app.next()})
    fresh = await site.header(stepped.json()["session_secret"])
    assert (await site.post(f"{account}/suspend", REASON, headers=fresh)).status_code == 200
    openapi = (await site.get("/openapi.json")).json()["paths"]
    assert "step-up-required" in openapi["/v1/officers"]["post"]["responses"]["403"]["description"]
    assert "step-up-required" in openapi["/v1/accounts/{account_id}/close"]["post"]["responses"]["403"]["description"]


async def test_the_list_is_found_by_office_role_and_state_in_pages_and_each_reading_is_journalled(
    bureau: OfficerAdmin,
) -> None:
    site = bureau.site
    for number in range(4):
        await bureau.invited(
            email=f"officer-{number}@example.go.jp",
            office="OSA" if number % 2 else "FUK",
            roles=["examiner"] if number < 3 else ["auditor"],
        )
    auditor = await site.officer(Role.AUDITOR, login_id="auditor.tyo")

    async def found(query: str) -> list[dict[str, Any]]:
        answer = await site.get(f"/v1/officers?{query}", auditor)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    assert len(await found("office=OSA")) == 2
    assert len(await found("role=examiner&office=FUK")) == 2
    assert len(await found("state=active")) == 2
    assert [item["roles"] for item in await found("role=auditor&state=registered")] == [["auditor"]]
    pages, cursor = [], ""
    while True:
        page = (await site.get(f"/v1/officers?limit=2{cursor}", auditor)).json()
        pages.append([item["id"] for item in page["items"]])
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert [len(page) for page in pages] == [2, 2, 2]
    assert len({one for page in pages for one in page}) == 6
    await bureau.state(pages[0][1])
    actions = [line["action"] for line in await site.journal()]
    assert (actions.count("officer:list"), actions.count("officer:read")) == (7, 1)
    assert (await site.get("/v1/officers?role=self", auditor)).status_code == 422


async def test_a_grant_can_only_be_revoked_and_that_once(bureau: OfficerAdmin) -> None:
    officer_id = await bureau.invited()
    await bureau.put(f"/{officer_id}/roles", {"roles": ["examiner"]})
    db = bureau.site.service.db
    for statement in (
        "UPDATE officer_roles SET role = 'administrator'",
        "UPDATE officer_roles SET granted_by = NULL",
        "DELETE FROM officer_roles",
    ):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with db.transaction() as session:
                await session.execute(text(statement))
    async with db.transaction() as session:
        await session.execute(text("UPDATE officer_roles SET revoked_at = revoked_at WHERE revoked_at IS NOT NULL"))
        back = text("UPDATE officer_roles SET revoked_at = NULL, revoked_by = NULL WHERE role = 'reception'")
        assert (await session.execute(back)).rowcount == 0  # type: ignore[attr-defined]
    async with db.read() as session:
        revoked = select(OfficerRole.role).where(OfficerRole.revoked_at.is_not(None))
        assert list(await session.scalars(revoked)) == ["reception"]


async def test_officers_see_the_names_of_their_own_office(bureau: OfficerAdmin) -> None:
    """With closed accounts, whose names stand in old cases; of another office nobody, and applicants see none."""
    site = bureau.site
    for name, office in (("審査 一郎", "TYO"), ("審査 二郎", "OSA")):
        await create_officer(
            site.context, login_id=office, name=name, roles=[Role.EXAMINER], office=office, password=PASSWORD
        )
    examiner = await site.officer(Role.EXAMINER, login_id="examiner.tyo")
    found = (await site.get("/v1/officers/colleagues", examiner)).json()
    assert "審査 一郎" in {one["name"] for one in found} and "審査 二郎" not in {one["name"] for one in found}
    assert [one["roles"] for one in found if one["you"]] == [["examiner"]]
    assert set(found[0]) == {"id", "name", "roles", "active", "you"}
    outside = Actor(kind="person", id=new_id(), roles=frozenset({Role.ORG_STAFF}), session_id=new_id())
    assert (await site.get("/v1/officers/colleagues", await site.bearer(outside))).status_code == 403
