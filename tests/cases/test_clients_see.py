"""Sessions and API clients see the records for which they act, and nothing of the account's other lives."""

import ast
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.events.application import ApplicationSubmitted, BulkImportFinished
from shared.events.base import Event
from shared.events.fields import Recipient
from shared.events.registration import (
    AccountActivated,
    PasswordResetRequested,
    PeriodicReportReturned,
    UsageRegistrationReturned,
)
from shared.events.review import ReviewStarted
from shared.ids import new_id
from shared.sealing import Sealer
from tests.guards.sources import ROOT, nodes, python_files
from tests.infra.databases import TestDatabase
from tests.services.application.people import DECLARED, Filer
from tests.services.registration.site import RegistrationClient
from tests.support import tokens
from tests.support.service import SEALING_KEY, RunningService, running

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ACCOUNT, COLLEAGUE, ONE, OTHER = (new_id() for _ in range(4))
ALL_SCOPES = frozenset({"application:read", "application:write", "document:read", "notification:read"})


def acting(role: Role, organisation: UUID | None = None, account: UUID = ACCOUNT) -> Actor:
    """A session of the account, under one of its memberships."""
    return Actor(kind="person", id=account, organisation_id=organisation, roles=frozenset({role}), session_id=new_id())


def client(role: Role, organisation: UUID | None = None) -> Actor:
    """An API client that the account registered for one membership, with its own credentials."""
    number = new_id()
    return Actor(
        kind="client",
        id=number,
        client_id=number,
        on_behalf_of=ACCOUNT,
        organisation_id=organisation,
        roles=frozenset({role}),
        scopes=ALL_SCOPES,
    )


def consented(role: Role, organisation: UUID | None = None) -> Actor:
    """An API client that acts for the person, who agreed under one membership."""
    return replace(acting(role, organisation), client_id=new_id(), scopes=ALL_SCOPES)


# Whom the account acts for: two organisations, its clients as a lawyer, and itself.
LIVES = {
    "one": (Role.ORG_STAFF, ONE),
    "other": (Role.RSO_STAFF, OTHER),
    "lawyer": (Role.LAWYER_SCRIVENER, None),
    "self": (Role.SELF, None),
}


@dataclass
class Post:
    """The notification service, and the events for which it sends mails."""

    service: RunningService
    sealer: Sealer = field(default_factory=lambda: Sealer(SEALING_KEY))

    async def deliver(self, *events: Event) -> None:
        await self.service.deliver(*events)

    def recipient(self) -> dict[str, Any]:
        return {"recipient": Recipient(sealed_address=self.sealer.seal("a@example.jp"), language="ja")}

    async def know(self, account: UUID) -> None:
        login_id = self.sealer.seal("ZR-1")
        known = {"account_id": account, "organisation_id": ONE, "role": "org_staff", "sealed_login_id": login_id}
        await self.deliver(AccountActivated.example(**known, **self.recipient()))

    async def seen_by(self, actor: Actor, **query: Any) -> list[tuple[str, str | None]]:
        headers = tokens.bearer(actor, self.service.clock)
        answer = await self.service.client.get("/v1/notifications", headers=headers, params={"limit": 100} | query)
        assert answer.status_code == 200, answer.text
        return [(item["template"], item["application_id"]) for item in answer.json()["items"]]


@pytest.fixture
async def post(service_database: Callable[[str], TestDatabase]) -> AsyncIterator[Post]:
    settings = {"smtp_host": "127.0.0.1", "smtp_port": 1}
    database = service_database("notification")
    async with running("notification", database, clock=ManualClock(NOW), **settings) as service:
        made = Post(service)
        await made.know(ACCOUNT)
        await made.know(COLLEAGUE)
        yield made


def submitted(life: str, account: UUID = ACCOUNT) -> ApplicationSubmitted:
    role, organisation = LIVES[life]
    owner = {"owner_id": organisation or account, "organisation_id": organisation, "role": role.value}
    return ApplicationSubmitted.example(application_id=new_id(), account_id=account, applicant=None, **owner)


@pytest.mark.parametrize("token", [acting, client, consented])
async def test_messages_about_applications_are_those_of_the_life_acted_for(post: Post, token: Any) -> None:
    """[attacks F12] An API client, or a session, of one membership sees no message of another one."""
    filed = {life: submitted(life) for life in LIVES}
    filed["colleague"] = submitted("one", COLLEAGUE)
    await post.deliver(*filed.values())
    for event in filed.values():
        await post.deliver(ReviewStarted.example(application_id=event.application_id, account_id=event.account_id))
    for life, (role, organisation) in LIVES.items():
        seen = {application for _, application in await post.seen_by(token(role, organisation)) if application}
        wanted = [life, "colleague"] if life == "one" else [life]
        assert seen == {str(filed[name].application_id) for name in wanted}, life
        for name, event in filed.items():
            asked = await post.seen_by(token(role, organisation), application_id=str(event.application_id))
            assert len(asked) == (2 if name in wanted else 0)
    everything = replace(acting(Role.SELF), roles=frozenset({Role.SELF, Role.LAWYER_SCRIVENER}))
    assert len({application for _, application in await post.seen_by(everything) if application}) == 2


async def test_messages_about_registrations_and_the_account_itself(post: Post) -> None:
    """[attacks F12] A registration's are its applicant's, under it; the account's own are no API client's."""
    to, link = post.recipient(), post.sealer.seal("https://zairyu.example/password/x")
    await post.deliver(
        UsageRegistrationReturned.example(
            account_id=ACCOUNT, sealed_link=None, organisation_id=OTHER, role="rso_staff", items=[], **to
        ),
        UsageRegistrationReturned.example(
            account_id=COLLEAGUE, sealed_link=None, organisation_id=ONE, role="org_staff", items=[], **to
        ),
        PeriodicReportReturned.example(account_id=ACCOUNT, organisation_id=OTHER, role="rso_staff", items=[], **to),
        BulkImportFinished.example(account_id=ACCOUNT, organisation_id=OTHER),
        PasswordResetRequested.example(account_id=ACCOUNT, sealed_link=link, **to),
    )
    seen = {
        name: sorted(template for template, _ in await post.seen_by(actor))
        for name, actor in {
            "session of one": acting(*LIVES["one"]),
            "session of the other": acting(*LIVES["other"]),
            "session of oneself": acting(*LIVES["self"]),
            "client of one": client(*LIVES["one"]),
            "client of the other": client(*LIVES["other"]),
            "consented by one": consented(*LIVES["one"]),
            "consented by oneself": consented(*LIVES["self"]),
            "other role of the other": acting(Role.ORG_STAFF, OTHER),
        }.items()
    }
    of_other = ["bulk_import_finished", "periodic_report_returned", "usage_registration_returned"]
    assert seen == {
        "session of one": ["account_activated", "password_reset"],
        "session of the other": sorted([*of_other, "password_reset"]),
        "session of oneself": ["password_reset"],
        "client of one": ["account_activated"],
        "client of the other": of_other,
        "consented by one": ["account_activated"],
        "consented by oneself": [],
        "other role of the other": ["bulk_import_finished", "password_reset"],
    }


@pytest.mark.parametrize("token", [acting, client, consented])
async def test_applications_and_their_files_are_those_of_the_life_acted_for(
    service_database: Callable[[str], TestDatabase], token: Any
) -> None:
    """[attacks F12] Somebody's lawyer's software sees nothing of what they filed for themselves, and the other way."""
    async with running("application", service_database("application"), clock=ManualClock(NOW)) as service:
        lawyer = Filer(service, acting(*LIVES["lawyer"]))
        own = Filer(service, acting(*LIVES["self"]))
        filed, draft = await own.filed(), await own.begin()
        theirs = await lawyer.begin()
        stranger = Filer(service, token(*LIVES["lawyer"]))
        assert [item["id"] for item in (await stranger.get())["items"]] == [theirs]
        for application in (filed, draft):
            attempts = {
                "read": await stranger.request("GET", f"/{application}"),
                "timeline": await stranger.request("GET", f"/{application}/timeline"),
                "check": await stranger.request("GET", f"/{application}/check"),
                "form": await stranger.put(f"/{application}/form", {"form": {}}, 1),
                "documents": await stranger.put(f"/{application}/documents", {"documents": []}, 1),
                "submit": await stranger.post(f"/{application}/submit", DECLARED),
                "withdraw": await stranger.post(f"/{application}/withdraw", {"reason": "x"}),
            }
            assert {name: answer.status_code for name, answer in attempts.items()} == dict.fromkeys(attempts, 404)
        # A file sent in one role is unknown in the other, as somebody else's.
        file = await own.file(roles=("self",))
        body = {"documents": [{"document_id": file, "codes": ["RES_TAX"]}]}
        assert (await lawyer.put(f"/{theirs}/documents", body, 1)).status_code == 200
        problems = (await lawyer.get(f"/{theirs}/check"))["problems"]
        assert "document-unknown" in {problem["code"] for problem in problems}
        assert "document-unknown" not in (await own.request("GET", f"/{draft}/check")).text


async def test_an_outside_system_sees_one_membership_and_a_person_all(
    service_database: Callable[[str], TestDatabase],
) -> None:
    """[attacks F12] Memberships, registrations and drafts: an API client learns of those for which it acts."""
    clock = ManualClock(NOW)
    async with running("registration", service_database("registration"), clock=clock) as service:
        site = RegistrationClient(service, clock)
        person = await site.person()
        session = await site.signed_in(person)
        elsewhere = {
            "corporate_number": "2120901007402",
            "prefecture": "23",
            "address": "愛知県名古屋市中区三の丸3-1-2",
        }
        second = await site.submit(session, organisation=elsewhere)
        whole = {"id": person.account_id, "organisation_id": person.organisation_id, "session_id": new_id()}
        system = Actor(
            kind="person",
            roles=frozenset({Role.ORG_STAFF}),
            client_id=new_id(),
            scopes=frozenset({"registration:read"}),
            **whole,  # type: ignore[arg-type]
        )
        headers = await site.bearer(system)
        for path, key in (("/v1/accounts/me", "memberships"), ("/v1/accounts/me/memberships", "items")):
            for asked, wanted in ((session, 2), (headers, 1)):
                found = (await site.get(path, asked)).json()[key]
                assert len(found) == wanted
                assert str(person.organisation_id) in {item["organisation_id"] for item in found}
        for registration, statuses in ((second["id"], (200, 404)), (str(person.registration_id), (200, 200))):
            path = f"/v1/usage-registrations/{registration}"
            got = tuple([(await site.get(path, asked)).status_code for asked in (session, headers)])
            assert got == statuses
        begun = await site.post("/v1/usage-registration-drafts", {"language": "ja"}, headers=session)
        assert begun.status_code == 201, begun.text
        draft = begun.json()["id"]
        assert (await site.get("/v1/usage-registration-drafts", session)).status_code == 200
        assert (await site.get("/v1/usage-registration-drafts", headers)).status_code == 403
        assert (await site.get(f"/v1/usage-registration-drafts/{draft}", session)).status_code == 200
        assert (await site.get(f"/v1/usage-registration-drafts/{draft}", headers)).status_code == 404


# Registration's own lists (sessions, factors, drafts, memberships) are the account's by nature and not looked at here.
BY_ACCOUNT = {
    "services/notification/messages/store.py": "the account's own messages, and those about registrations",
    "services/notification/inbox/store.py": "which messages the account has read, of those that it sees",
    "services/notification/address_book/store.py": "who acts for which organisation, and the account's own choices",
    "services/notification/broadcasts/store.py": "the group of a notice that operators write, no list of one's own",
    "services/notification/webhooks/store/webhooks.py": "what stops with the account that answers for it, no list",
    "services/document/files/store/accounts.py": "whether the account may upload, no list",
    "services/application/known/store.py": "the roles of a member, as registration reports them",
    "services/application/filing/store.py": "whether a colleague acts for the organisation",
    "services/application/finding/store/filters.py": "one's own searches, within the owner",
    "services/application/finding/store/matching.py": "who is in charge, within the owner's applications",
}


def test_no_other_service_finds_records_by_account_alone() -> None:
    """[attacks F12] A condition on `account_id` has its reason here; records are found by their owner and role."""
    found = set()
    for service in ("application", "document", "notification", "review"):
        for path in python_files(f"services/{service}"):
            for node in nodes(path):
                if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq):
                    sides = [node.left, *node.comparators]
                    tables = [s for s in sides if isinstance(s, ast.Attribute) and isinstance(s.value, ast.Name)]
                    if any(side.attr == "account_id" and side.value.id[0].isupper() for side in tables):  # type: ignore[attr-defined]
                        found.add(str(path.relative_to(ROOT)))
    assert found == set(BY_ACCOUNT)
