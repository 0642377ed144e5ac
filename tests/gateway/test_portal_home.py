"""The first page of applicants and the list of their applications, in a browser without scripts."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import pytest

from shared.clock import ManualClock
from shared.events.review import AdditionalDocumentsRequested, ReviewCompleted
from shared.ids import new_id
from tests.gateway.browser import Browser
from tests.gateway.identity import Identity, identity, trusting
from tests.gateway.portal import as_filer, exchange_events, filer_of
from tests.infra.databases import TestDatabase
from tests.services.application.people import Filer
from tests.services.application.test_stays import granted
from tests.services.registration.life import colleague
from tests.services.registration.site import PASSWORD
from tests.support.service import RunningService, running
from tests.support.web import serving

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class House:
    """The gateway before registration and the application service, and somebody who files."""

    front: Identity
    application: RunningService
    filer: Filer
    login_id: str

    async def signed_in(self) -> Browser:
        browser = await self.front.browser()
        page = await browser.sign_in(self.login_id, PASSWORD)
        assert page.path == "/home"
        return browser


@pytest.fixture
async def house(service_database: Callable[[str], TestDatabase]) -> AsyncIterator[House]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with (
        running("application", service_database("application"), clock=clock) as application,
        serving(application.app, lifespan="off") as url,
        identity(service_database("registration"), clock, application_url=url) as front,
    ):
        trusting(application, front.site, clock)
        person = await front.site.person()
        yield House(front, application, filer_of(application, person), person.login_id)


async def test_an_empty_home_offers_a_new_application(house: House) -> None:
    browser = await house.signed_in()
    page = await browser.open("/home")
    assert (page.h1, page.status) == ("Home", 200)
    assert "Nothing needs you at the moment." in page.shown
    assert page.links["New application"] == "/applications/new"
    assert page.path == "/home"
    assert {"Home", "Applications"} <= page.links.keys(), "the menu has them"


async def test_home_shows_what_needs_the_visitor_with_one_action_each(house: House) -> None:
    async with as_filer(house.filer) as filer:
        draft = await filer.begin(form={"name_roman": "TRAN THI BE", "stay_expiry": "2026-12-31"})
        asked = await filer.filed()
        await filer.review(AdditionalDocumentsRequested, asked, due_on=date(2026, 12, 4))
        granted = await filer.filed(form=filer.draft()["form"] | {"residence_card_no": "QQ11111111QQ"})
        await filer.review(ReviewCompleted, granted, outcome="granted", fee_yen=5500)
    browser = await house.signed_in()
    page = await browser.open("/home")
    assert page.texts["h2"] == [
        "Documents requested (1)",
        "Periods of stay that end soon (1)",
        "Fees to pay (1)",
        "Results of the last 30 days (1)",
        "Drafts (1)",
        *page.texts["h2"][5:],
    ]
    assert page.links["Submit documents"] == f"/applications/{asked}/requested-documents"
    assert page.links["See how to pay"] == f"/applications/{granted}/after-grant"
    assert page.links["See the result"] == f"/applications/{granted}"
    assert page.links["Continue"] == page.links["Open"] == f"/applications/{draft}"
    for text in ("TRAN THI BE", "4 December 2026", "31 December 2026", "¥5,500"):
        assert text in page.shown
    japanese = await browser.open("/home?lang=ja")
    assert "資料の提出を求められています (1)" in japanese.texts["h2"]


async def test_of_many_five_are_shown_and_the_others_are_a_page_away(house: House) -> None:
    async with as_filer(house.filer) as filer:
        for _ in range(7):
            await filer.begin(form={})
    browser = await house.signed_in()
    page = await browser.open("/home")
    assert "Showing 5 of 7." in page.shown
    assert len([href for href in page.values("a", "href") if href.count("/") == 2 and "new" not in href]) >= 5
    listed = await browser.follow(page, "See all")
    assert listed.path == "/applications?group=drafts&sort=edited"


async def test_home_is_there_without_the_application_service(service_database: Callable[[str], TestDatabase]) -> None:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    down = "http://127.0.0.1:9"
    async with identity(service_database("registration"), clock, application_url=down, notification_url=down) as front:
        person = await front.site.person()
        browser = await front.browser()
        page = await browser.sign_in(person.login_id, PASSWORD)
        assert (page.path, page.status) == ("/home", 200)
        assert "We could not load your applications." in page.shown
        assert (await browser.get("/applications")).status_code == 503


async def test_officers_go_on_to_their_account_and_nobody_to_sign_in(house: House) -> None:
    browser = await house.front.browser()
    assert (await browser.open("/home")).path.startswith("/sign-in?return_to=%2Fhome")
    assert (await browser.open("/applications")).path.startswith("/sign-in")


async def test_the_list_has_tabs_search_filter_and_order(house: House) -> None:
    async with as_filer(house.filer) as filer:
        filed = await filer.filed()
        house.front.clock.advance(timedelta(minutes=1))
        first = await filer.begin(form={"name_roman": "TRAN THI BE", "stay_expiry": "2027-03-31"})
        house.front.clock.advance(timedelta(minutes=1))
        second = await filer.begin(form={})
    browser = await house.signed_in()

    def shown(page: object) -> list[str]:
        hrefs = getattr(page, "values")("a", "href")  # noqa: B009
        ids = [href.removeprefix("/applications/") for href in hrefs if href.startswith("/applications/")]
        return [one for one in ids if one in (filed, first, second)]

    page = await browser.open("/applications")
    assert (page.h1, shown(page)) == ("Applications", [second, first, filed])
    assert {"All (3)", "Drafts (2)", "Waiting for you (0)", "In progress (1)", "Finished (0)"} <= page.links.keys()
    assert "Name not entered" in page.links
    drafts = await browser.follow(page, "Drafts (2)")
    assert shown(drafts) == [second, first]
    form = next(form for form in drafts.forms if "q" in form.fields)
    assert form.fields["group"] == "drafts"
    assert shown(await browser.open("/applications?group=drafts&q=tran")) == [first]
    assert shown(await browser.open("/applications?q=nguyen&procedure=EXTEND")) == [filed]
    assert shown(await browser.open("/applications?sort=stay_end")) == [filed, first, second]
    nothing = await browser.open("/applications?q=nobody&group=drafts")
    assert "No applications match." in nothing.shown
    assert (await browser.follow(nothing, "Clear filters")).path == "/applications?group=drafts"
    assert "No applications are at this stage." in (await browser.open("/applications?group=over")).shown
    over = await browser.open("/applications?sort=stay_end")
    assert over.values("th", "aria-sort") == ["ascending"]


async def test_a_long_list_goes_on_page_by_page(house: House) -> None:
    async with as_filer(house.filer) as filer:
        made = [await filer.begin(form={}) for _ in range(25)]
    browser = await house.signed_in()
    first = await browser.open("/applications?group=drafts")
    second = await browser.follow(first, "Next")
    found = [
        href.removeprefix("/applications/")
        for page in (first, second)
        for href in page.values("a", "href")
        if href.startswith("/applications/") and not href.endswith("/new")
    ]
    assert found == made[::-1]
    assert "Next" not in second.links
    assert (await browser.follow(second, "First page")).path == "/applications?group=drafts"
    assert (await browser.open("/applications?cursor=forged")).path == "/applications"


@pytest.mark.parametrize(
    "query", ["group=nonsense", "sort=no", "procedure=x", "q=" + "x" * 500, "cursor=%00", "page=2"]
)
async def test_what_the_address_cannot_ask_for_is_left_out(house: House, query: str) -> None:
    browser = await house.signed_in()
    assert (await browser.get(f"/applications?{query}")).status_code == 200


async def test_an_empty_list_says_so(house: House) -> None:
    browser = await house.signed_in()
    page = await browser.open("/applications")
    assert "There are no applications yet." in page.shown
    assert page.links["New application"] == "/applications/new"


async def test_renewals_of_those_whose_stay_ends_are_begun_with_one_press(house: House) -> None:
    browser = await house.signed_in()
    assert "There is nobody." in (await browser.open("/stays")).shown
    async with as_filer(house.filer) as filer:
        an = await granted(filer, "NGUYEN VAN AN", "AB12345678CD", date(2027, 5, 10))
        be = await granted(filer, "TRAN THI BE", "BE12345678CD", date(2027, 5, 20))
        cuc = await granted(filer, "LE THI CUC", "CU12345678CD", date(2027, 6, 1))
        await granted(filer, "VO VAN DO", "DO12345678CD", date(2027, 7, 1))
        draft = await filer.begin(form={"name_roman": "DRAFT PERSON", "stay_expiry": "2027-01-15"})
    page = await browser.follow(await browser.open("/home"), "Stays that end")
    assert {"All twelve months (5)", "January 2027 (1)", "May 2027 (2)", "June 2027 (1)"} <= page.links.keys()
    assert page.links["Draft"] == f"/applications/{draft}"
    nobody = await browser.send(page, "Begin the renewals of those chosen", application_id="")
    assert nobody.status == 422 and "Choose at least one person" in nobody.shown

    form = page.form("Begin the renewals of those chosen")
    assert form.fields["application_id"] == "" and an in {one["value"] for one in form.inputs if "value" in one}
    page = await browser.send(page, "Begin the renewals of those chosen", application_id=cuc)
    assert "The renewals were started as drafts." in page.shown and "Draft" in page.links
    may = await browser.follow(page, "May 2027 (2)")
    everybody = [("on_page", an), ("on_page", be), ("do", "all")]
    form = may.form("Begin the renewals of those chosen")
    kept = [(name, form.fields[name]) for name in ("csrf_token", "owner", "key")]
    address = form.attributes["action"]
    sent = [
        await browser.client.post(address, content=urlencode(kept + everybody), headers=FORM | {"Origin": browser.url})
        for _ in range(2)
    ]
    assert [(answer.status_code, answer.headers["location"]) for answer in sent] == [
        (303, "/stays?month=2027-05&done=begun")
    ] * 2
    renewed = await browser.open("/stays?renewal=under_way")
    assert len([href for href in renewed.values("a", "href") if href.startswith("/applications/")]) >= 8
    assert "There is nobody." in (await browser.open("/stays?renewal=none&month=2027-05")).shown
    drafts = (await browser.client.get("/api/v1/applications?status=draft")).json()["items"]
    assert sorted(one["applicant_name"] for one in drafts) == [
        "DRAFT PERSON",
        "LE THI CUC",
        "NGUYEN VAN AN",
        "TRAN THI BE",
    ]
    # An office begins everybody's of a month as one file.
    july = await browser.follow(await browser.open("/stays"), "July 2027 (1)")
    file = await browser.send(july, "Begin bulk filing for 1 people")
    assert file.path.startswith("/imports/") and "The file is being read." in file.shown
    # What is not theirs is refused by name, and begins nothing.
    body = [*kept[:2], ("application_id", str(new_id())), ("do", "chosen")]
    refused = await browser.client.post("/stays", content=urlencode(body), headers=FORM | {"Origin": browser.url})
    assert refused.status_code == 422 and "Name not entered" in refused.text
    for odd in ("month=2027-13", "month=x&renewal=y", "cursor=forged"):
        assert (await browser.get(f"/stays?{odd}")).status_code == 200
    assert (await browser.open("/stays?lang=ja")).h1 == "在留期限"


async def test_a_search_is_kept_under_a_name(house: House) -> None:
    site = house.front.site
    second = await site.officer(login_id="second")
    other_person = await colleague(site, second, "taro@example.co.jp")
    await exchange_events(site.service, house.application)
    async with as_filer(house.filer) as filer:
        await filer.filed()
        await filer.begin(form={"name_roman": "TRAN THI BE", "stay_expiry": "2027-03-31"})
        await filer.begin(form={"name_roman": "LE THI CUC", "stay_expiry": "2027-09-30"})
    browser = await house.signed_in()
    page = await browser.open("/applications?group=drafts&stay_from=1+March+2027&stay_to=2027-04-30")
    assert "TRAN THI BE" in page.links and "LE THI CUC" not in page.links
    nameless = await browser.send(page, "Save", filter_name=" ")
    assert nameless.status == 422 and nameless.links["Enter a name"] == "#filter_name"
    kept = await browser.send(page, "Save", filter_name="Spring", shared="yes")
    assert "The search was saved." in kept.shown and "shared in the organisation" in kept.shown
    found = await browser.follow(await browser.open("/applications"), "Spring")
    assert found.path == "/applications?group=drafts&stay_from=2027-03-01&stay_to=2027-04-30"
    wrong = await browser.open("/applications?stay_from=someday")
    assert wrong.status == 422 and "#stay_from" in wrong.values("a", "href") and "LE THI CUC" in wrong.links

    other = await house.front.browser()
    await other.sign_in(other_person.login_id, PASSWORD)
    shared = await other.open("/applications")
    page = await browser.open("/applications")
    gone, again = [await browser.send(page, "Delete Spring") for _ in range(2)]
    assert again.shown == gone.shown, "pressed twice"
    assert "Spring" in shared.links and "The saved search was deleted." in gone.shown and "Spring" not in gone.links

    everything = await browser.open("/applications")
    for kind, first_bytes in (("Excel (XLSX)", b"PK"), ("CSV", b"\xef\xbb\xbf")):
        file = await browser.get(everything.links[kind])
        assert "attachment" in file.headers["content-disposition"] and file.content.startswith(first_bytes)
    assert (await browser.open("/applications/export?stay_from=someday")).status == 422
