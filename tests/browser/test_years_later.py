"""Pages years later. The clock of the site is turned for good, so this file is the last one by name."""

from datetime import UTC, datetime

from tests.browser.looking import Visitors


async def test_a_periodic_report_that_is_due(visitors: Visitors) -> None:
    """[newcomers S3] The form, on a day on which it is open."""
    site = visitors.site
    person = await site.person(await site.officer(login_id="approver.report"), applicant={"email": "r@example.co.jp"})
    visitors.clock.advance(datetime(2029, 9, 20, 3, 0, tzinfo=UTC) - visitors.clock.now())
    for lang in ("ja", "en"):
        async with visitors.tab(lang) as tab:
            await visitors.sign_in(tab, person.login_id)
            await tab.page.goto("/account/periodic-report")
            await tab.look("report-form")
            await tab.press("main form#report > button")
            await tab.look("report-errors")
