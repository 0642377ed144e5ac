"""Signing in at an identity provider (OpenID Connect), linking an identity, and what is tried against it."""

import asyncio
import base64
import json
import secrets
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import text

from deploy.local.identity_provider.app import new_key
from deploy.local.identity_provider.people import FOREIGNER, PARENT, KnownPerson
from services.registration.accounts.store import accounts
from services.registration.authentication.adapters.identity_provider import IdentityProvider
from shared.auth import Actor, Role
from shared.clock import ManualClock, legal_date
from shared.events.registration import CredentialChanged
from shared.http.forwarded import REFUSED_KINDS
from shared.ids import new_id
from tests.infra.databases import TestDatabase
from tests.services.registration.identity import CLIENT, IdentitySite, form, identity_site
from tests.services.registration.site import Person
from tests.services.registration.test_stay_abroad import STAY
from tests.support.waiting import eventually

OTHER_KEY = new_key()
RS512_KEY = RSAKey.generate_key(2048)
NAMELESS = KnownPerson("no-birthday", "NGUYEN VAN AN", "")
HEADERS_IN_NAME = KnownPerson("two-lines", "AN\r\nBcc: all@example.com", "1995-04-12")


@pytest.fixture
async def site(service_database: Callable[[str], TestDatabase], clock: ManualClock) -> AsyncIterator[IdentitySite]:
    async with identity_site(service_database("registration"), clock) as started:
        yield started


def _browser() -> str:
    return secrets.token_urlsafe(32)


async def _answer(site: IdentitySite, browser: str, person: KnownPerson = FOREIGNER) -> dict[str, str]:
    begun = await site.ask(browser)
    return await site.choose(begun.json()["authorization_url"], person)


async def _traces(site: IdentitySite) -> tuple[int, int, int]:
    """Sessions, identities and tickets that there are."""
    counted = "SELECT (SELECT count(*) FROM sessions), (SELECT count(*) FROM identities),"
    async with site.service.db.read() as session:
        row = (await session.execute(text(f"{counted} (SELECT count(*) FROM identity_tickets)"))).one()
    return tuple(row)


async def test_the_question_is_asked_by_the_book(site: IdentitySite) -> None:
    begun = await site.ask(_browser())
    asked = {name: value for name, (value,) in parse_qs(urlsplit(begun.json()["authorization_url"]).query).items()}
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == CLIENT.redirect_uri
    assert asked["code_challenge_method"] == "S256"
    assert {len(asked["state"]), len(asked["nonce"]), len(asked["code_challenge"])} == {43}
    async with site.service.db.read() as session:
        kept = str((await session.execute(text("SELECT * FROM identity_requests"))).all())
    assert asked["state"] not in kept
    assert asked["nonce"] not in kept


async def test_an_answer_is_taken_once_in_time_and_from_the_browser_that_asked(site: IdentitySite) -> None:
    mine, other = _browser(), _browser()
    answer = await _answer(site, mine)
    await site.ask(other)
    for browser, changes in ((other, {}), (mine, {"state": secrets.token_urlsafe(32)})):
        refused = await site.finish(browser, answer | changes)
        assert (refused.status_code, refused.json()["code"]) == (401, "identity-not-proved")
    assert await _traces(site) == (0, 0, 0)
    assert (await site.finish(mine, answer)).json()["outcome"] == "ticket"
    assert (await site.finish(mine, answer)).json()["code"] == "identity-not-proved"
    late = await _answer(site, mine)
    site.clock.advance(timedelta(minutes=10, seconds=1))
    assert (await site.finish(mine, late)).json()["code"] == "identity-not-proved"
    assert await _traces(site) == (0, 0, 1)


async def test_a_code_that_was_given_for_another_question_proves_nothing(site: IdentitySite) -> None:
    victim, thief = _browser(), _browser()
    stolen = await _answer(site, victim)
    own = await _answer(site, thief, PARENT)
    refused = await site.finish(thief, own | {"code": stolen["code"]})
    assert (refused.status_code, refused.json()["code"]) == (401, "identity-not-proved")
    assert await _traces(site) == (0, 0, 0)


@pytest.mark.parametrize("iss", [None, "https://mix.example.com"])
async def test_the_answer_names_the_provider_that_was_asked(site: IdentitySite, iss: str | None) -> None:
    browser = _browser()
    answer = await _answer(site, browser)
    del answer["iss"]
    refused = await site.finish(browser, answer | ({"iss": iss} if iss else {}))
    assert refused.json()["code"] == "identity-not-proved"


async def test_only_a_token_made_for_this_site_now_and_for_this_question_is_a_proof(site: IdentitySite) -> None:
    provider = site.provider
    now = int(site.clock.now().timestamp())
    public = json.dumps(provider.key.as_dict(private=False)).encode()
    claims: dict[str, dict[str, Any]] = {
        "other audience": {"aud": "another-site"},
        "several audiences": {"aud": [CLIENT.id, "another-site"]},
        "authorised for another": {"azp": "another-site"},
        "other issuer": {"iss": "https://id.example.com"},
        "over": {"exp": now - 120, "iat": now - 300},
        "from the future": {"iat": now + 600},
        "old": {"iat": now - 3600, "exp": now + 3600},
        "other question": {"nonce": secrets.token_urlsafe(32)},
        "no question": {"nonce": None},
        "other access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
        "nobody": {"sub": ""},
        "no number": {"exp": "never"},
    }
    signatures: dict[str, Callable[[dict[str, Any]], str]] = {
        "none": lambda said: f"{_part({'alg': 'none'})}.{_part(said)}.",
        "none with a key": lambda said: f"{_part({'alg': 'none', 'kid': provider.key.kid})}.{_part(said)}.AAAA",
        "secret": lambda said: _hs256(said, CLIENT.secret.encode()),
        "public key": lambda said: _hs256(said, public),
        "other key": lambda said: jwt.encode({"alg": "RS256", "kid": provider.key.kid}, said, OTHER_KEY),
        "unknown key": lambda said: jwt.encode({"alg": "RS256", "kid": OTHER_KEY.kid}, said, OTHER_KEY),
        "other algorithm": lambda said: jwt.encode(
            {"alg": "RS512", "kid": provider.key.kid}, said, RS512_KEY, algorithms=["RS512"]
        ),
        "not a token": lambda said: "what is this",
    }

    async def refused(name: str) -> None:
        answer = await site.prove()
        assert (answer.status_code, answer.json()["code"]) == (401, "identity-not-proved"), name

    for name, said in claims.items():
        provider.said = said
        await refused(name)
    provider.said = {}
    for name, sign in signatures.items():
        provider.sign = sign
        await refused(name)
    provider.sign = None
    assert await _traces(site) == (0, 0, 0)
    assert (await site.prove()).status_code == 200


async def test_who_the_provider_cannot_describe_is_not_taken(site: IdentitySite) -> None:
    for person in (NAMELESS, HEADERS_IN_NAME):
        site.provider.people[person.subject] = person
        assert (await site.prove(person=person)).json()["code"] == "identity-not-proved"
    # What the provider says of one person is not taken for another.
    site.provider.said = {"sub": PARENT.subject}
    assert (await site.prove()).json()["code"] == "identity-not-proved"
    assert await _traces(site) == (0, 0, 0)


async def test_a_new_key_of_the_provider_is_fetched_when_it_is_first_used(site: IdentitySite) -> None:
    assert (await site.prove()).status_code == 200
    site.provider.key = OTHER_KEY
    # Tokens with invented keys cannot make us ask the provider all the time.
    assert (await site.prove()).status_code == 401
    site.clock.advance(timedelta(seconds=10))
    assert (await site.prove()).status_code == 200


async def test_who_breaks_off_at_the_provider_is_told_so(site: IdentitySite) -> None:
    answer = await site.prove(person=None)
    assert (answer.status_code, answer.json()["code"]) == (401, "identity-cancelled")
    assert await _traces(site) == (0, 0, 0)


async def test_a_level_of_assurance_can_be_asked_for(
    service_database: Callable[[str], TestDatabase], clock: ManualClock
) -> None:
    database = service_database("registration")
    async with identity_site(database, clock, oidc_acr_values="mynumber-card") as site:
        assert (await site.prove()).status_code == 200
        site.provider.said = {"acr": "password"}
        assert (await site.prove()).json()["code"] == "identity-not-proved"


async def test_a_provider_that_is_away_or_not_itself_stops_nothing_else(
    service_database: Callable[[str], TestDatabase], clock: ManualClock
) -> None:
    async with identity_site(service_database("registration"), clock, oidc_issuer="http://127.0.0.1:1") as site:
        away = await site.ask(_browser())
        assert (away.status_code, away.json()["code"]) == (503, "identity-provider-unavailable")
        person = await site.person()
        assert (await site.sign_in(person.login_id)).status_code == 201
        # It answers, but calls itself by another name, as one that was taken over might.
        other = {"oidc_issuer": site.provider.issuer.replace("127.0.0.1", "localhost")}
        site.context.identity_provider = IdentityProvider(site.context.settings.model_copy(update=other), clock)
        assert (await site.ask(_browser())).status_code == 503
        await site.context.identity_provider.close()
        nowhere = site.context.settings.model_copy(update={"oidc_issuer": None})
        site.context.identity_provider = IdentityProvider(nowhere, clock)
        assert (await site.ask(_browser())).json()["code"] == "identity-not-offered"


async def test_only_paths_of_the_site_are_returned_to(site: IdentitySite) -> None:
    for wrong in ("//evil.example", "/\\evil.example", "https://evil.example", "evil", "", "/a\\b", "/a\nb", "/a b"):
        answer = await site.ask(_browser(), return_to=wrong)
        assert answer.status_code == 422, wrong
    for right in ("/", "/register/personal", "/applications?state=draft"):
        browser = _browser()
        begun = await site.ask(browser, return_to=right)
        answer = await site.finish(browser, await site.choose(begun.json()["authorization_url"], FOREIGNER))
        assert answer.json()["return_to"] == right


async def test_linking_needs_a_fresh_session_and_is_told_to_the_owner(site: IdentitySite) -> None:
    person = await site.person()
    secret = await site.session(person)
    stale = await site.header(secret)
    assert (await site.prove("link", headers=stale)).json()["outcome"] == "linked"
    (reported,) = await site.events(CredentialChanged)
    assert reported.change == "identity_linked"
    session = await site.signed_in_by_identity()
    assert (session["account_id"], session["roles"]) == (str(person.account_id), ["org_staff"])
    site.clock.advance(timedelta(minutes=21))
    refused = await site.ask(_browser(), "link", await site.header(secret))
    assert (refused.status_code, refused.json()["code"]) == (403, "step-up-required")
    assert (await site.ask(_browser(), "link")).status_code == 401
    assert await site.service.journal_problems() == []


async def test_an_identity_is_of_no_use_abroad_until_a_stay_is_registered(site: IdentitySite) -> None:
    """Signing in, linking and step-up; the way back counts, wherever it began."""
    headers = await site.header(await site.session(await site.person()))
    abroad = {REFUSED_KINDS: "person officer", "Accept-Language": "vi"}
    assert (await site.prove("link", headers=headers)).json()["outcome"] == "linked"
    before = await _traces(site)
    for purpose, sent in (("sign-in", None), ("link", headers), ("step-up", headers)):
        refused = await site.prove(purpose, headers=sent, back=abroad)
        assert (refused.status_code, refused.json()["code"]) == (403, "not-from-there"), purpose
        assert "VPN" in refused.json()["detail"]
        assert refused.headers["content-language"] == "vi"
    assert await _traces(site) == before, "no session, no identity and no ticket"
    until = {"until": legal_date(site.clock.now()).isoformat()}
    assert (await site.service.client.put(STAY, json=until, headers=headers)).status_code == 200
    assert (await site.prove("sign-in", back=abroad)).json()["outcome"] == "signed-in"


async def test_a_link_is_not_finished_by_who_signed_out_meanwhile(site: IdentitySite) -> None:
    secret, browser = await site.session(await site.person()), _browser()
    begun = await site.ask(browser, "link", await site.header(secret))
    await site.post("/v1/sessions/end", {"session_secret": secret})
    answer = await site.finish(browser, await site.choose(begun.json()["authorization_url"], FOREIGNER))
    assert answer.json()["code"] == "identity-not-proved"


async def test_an_identity_leads_to_one_account_and_an_account_to_one_identity_of_a_provider(
    site: IdentitySite,
) -> None:
    officer = await site.officer()
    people = []
    for number in (1, 2):
        applicant = {"email": f"staff{number}@example.co.jp"}
        people.append(await site.signed_in(await site.person(officer, applicant=applicant)))
    assert (await site.prove("link", headers=people[0])).status_code == 200
    elsewhere = await site.prove("link", headers=people[1])
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "identity-linked-elsewhere")
    second = await site.prove("link", PARENT, headers=people[0])
    assert second.status_code == 409
    assert (await site.prove("link", headers=people[0])).json()["outcome"] == "linked", "the same again is no harm"


async def test_two_who_prove_each_others_identity_at_the_same_moment_are_both_refused(site: IdentitySite) -> None:
    officer = await site.officer()
    first, second = [await site.person(officer, applicant={"email": f"staff{n}@example.co.jp"}) for n in (1, 2)]
    headers = {person.account_id: await site.signed_in(person) for person in (first, second)}
    assert (await site.prove("link", FOREIGNER, headers[first.account_id])).status_code == 200
    assert (await site.prove("link", PARENT, headers[second.account_id])).status_code == 200
    proofs = []
    answers: list[asyncio.Future[Any]] = []
    for person, others in ((first, PARENT), (second, FOREIGNER)):
        browser = _browser()
        begun = await site.ask(browser, "link", headers[person.account_id])
        proofs.append((browser, await site.choose(begun.json()["authorization_url"], others)))

    async def all_wait() -> bool:
        return await site.waiting() == len(answers)

    async with site.service.db.transaction() as session:
        await accounts.locked_account(session, second.account_id)
        for proof in proofs:
            answers.append(asyncio.ensure_future(site.finish(*proof)))
            await eventually(all_wait)
    for answer in await asyncio.gather(*answers):
        assert (answer.status_code, answer.json()["code"]) == (409, "identity-linked-elsewhere")


async def test_an_identity_is_unlinked_with_a_fresh_session_unless_it_is_the_only_way_in(site: IdentitySite) -> None:
    person = await site.person()
    header = await site.signed_in(person)
    await site.prove("link", headers=header)
    (held,) = (await site.get("/v1/accounts/me/identities", header)).json()["items"]
    stranger = await _other_person(site)
    path = f"/v1/accounts/me/identities/{held['id']}"
    assert (await site.service.client.delete(path, headers=await site.signed_in(stranger))).status_code == 404
    assert (await site.service.client.delete(path, headers=header)).status_code == 204
    assert (await site.prove()).json()["outcome"] == "ticket"
    await site.register(form("self"))
    await site.confirm()
    own = await site.header((await site.signed_in_by_identity())["session_secret"])
    (only,) = (await site.get("/v1/accounts/me/identities", own)).json()["items"]
    kept = await site.service.client.delete(f"/v1/accounts/me/identities/{only['id']}", headers=own)
    assert (kept.status_code, kept.json()["code"]) == (409, "identity-needed")


async def test_an_officer_never_gets_in_by_an_identity(site: IdentitySite) -> None:
    officer = await site.officer()
    assert (await site.ask(_browser(), "link", officer)).status_code == 401
    assert (await site.get("/v1/accounts/me/identities", officer)).status_code == 403
    claims = json.loads(_unpart(officer["Authorization"].split(".")[1]))
    # Even a row that no command could have made lets nobody in.
    row = {"id": new_id(), "account": claims["sub"], "issuer": site.provider.issuer, "subject": FOREIGNER.subject}
    statement = "INSERT INTO identities (id, account_id, issuer, subject, linked_at) VALUES"
    async with site.service.db.transaction() as session:
        await session.execute(text(f"{statement} (:id, :account, :issuer, :subject, now())"), row)
    assert (await site.prove()).json()["outcome"] == "ticket"
    refused = await site.register(form("self"))
    assert (refused.status_code, refused.json()["code"]) == (409, "identity-linked-elsewhere")
    assert (await _traces(site))[0] == 1, "the officer's own session"


async def test_a_closed_account_lets_go_of_its_identity(site: IdentitySite) -> None:
    await site.registered("self")
    session = await site.signed_in_by_identity()
    header = await site.header(session["session_secret"])
    (membership,) = (await site.get("/v1/accounts/me/memberships", header)).json()["items"]
    left = await site.post(f"/v1/accounts/me/memberships/{membership['id']}/leave", headers=header)
    assert left.json()["account_state"] == "closed"
    await site.registered("self")
    assert (await site.signed_in_by_identity())["account_id"] != session["account_id"]
    assert await site.service.journal_problems() == []


async def _other_person(site: IdentitySite) -> Person:
    officer = await site.bearer(Actor(kind="officer", id=new_id(), roles=frozenset({Role.USER_APPROVAL}), office="TYO"))
    return await site.person(officer, applicant={"email": "somebody.else@example.co.jp"})


def _part(claims: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()


def _unpart(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _hs256(claims: dict[str, Any], key: bytes) -> str:
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(key))
