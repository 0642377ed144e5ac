"""Every mail: which event it belongs to, how it reads in both languages, and that nothing in it can break out."""

import re
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pytest
from jinja2 import UndefinedError

import services.notification.channels.mail
from services.notification.channels.mail.content.facts import Condition, Content, Facts, Item, Name, why
from services.notification.channels.mail.content.registration import Received
from services.notification.channels.mail.content.review import DocumentsRequested
from services.notification.channels.mail.rendering import PREFIX, Rendered, Site, render
from services.notification.channels.mail.values import day, moment
from services.notification.messages.catalogue import MESSAGES, WITHOUT_MESSAGE, WRITERS, MessageKind, by_template
from services.notification.messages.samples import sample
from shared.errors import Text
from shared.events import CATALOGUE
from shared.events.review import ReviewCompleted
from shared.languages import Lang
from shared.reference.grant_conditions import in_words

SITE = Site("https://zairyu.example.jp", Text("在留手続", "Residence procedures"), Text("窓口", "Desk"))
TODAY = date(2026, 7, 1)


def rendered(kind: MessageKind, language: Lang = "ja", content: Content | None = None) -> Rendered:
    return render(kind.template, dict(content or sample(kind, TODAY)), language, SITE)


@pytest.mark.parametrize("event", CATALOGUE, ids=lambda event: event.__name__)
def test_every_event_has_a_mail_or_a_stated_reason_why_not(event: type) -> None:
    has_mail = event in {kind.event for kind in MESSAGES}
    assert has_mail != (event in WITHOUT_MESSAGE), (
        f"{event.__name__}: either a mail in MESSAGES or a reason in WITHOUT_MESSAGE"
        " (services/notification/messages/catalogue.py), and not both"
    )
    assert has_mail or len(WITHOUT_MESSAGE[event]) > 10


def test_every_template_belongs_to_a_mail() -> None:
    folder = Path(services.notification.channels.mail.__file__ or "").parent / "templates"
    helpers = {"parts", "layout"}
    found = {path.name.split(".")[0] for path in folder.glob("*.jinja")} - helpers
    unused = found - WRITERS.keys()
    assert not unused, f"no entry of MESSAGES has the function that these templates are named after: {unused}"
    assert found == WRITERS.keys()


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.template)
def test_every_mail_says_everything_in_both_languages_in_text_and_html(kind: MessageKind, language: Lang) -> None:
    mail = rendered(kind, language)
    assert mail.subject.startswith(PREFIX)
    assert "\n" not in mail.subject
    first, second = ("送信専用", "automated") if language == "ja" else ("automated", "送信専用")
    for body in (mail.text, mail.html):
        assert 0 < body.index(first) < body.index(second)
        assert "None" not in body and "{{" not in body and "Name(" not in body
    assert "<" not in mail.text
    assert mail.html.count(f'<section lang="{language}"') == 1
    assert "\n\n\n" not in mail.text


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.template)
def test_what_a_mail_shows_is_in_both_of_its_languages(kind: MessageKind) -> None:
    content = sample(kind, TODAY)
    # The calendar file has its key alone.
    shown = [value for name, value in content if isinstance(value, str) and value and name != "entry_key"]
    for language in ("ja", "en"):
        mail = rendered(kind, language, content)
        for value in shown:
            assert mail.text.count(value) >= 2, f"{value} is missing in one language"


def test_content_survives_being_kept_as_json() -> None:
    for kind in MESSAGES:
        content = sample(kind, TODAY)
        assert kind.content.model_validate_json(content.model_dump_json()) == content


def test_missing_value_is_an_error_and_not_an_empty_place() -> None:
    with pytest.raises(UndefinedError):
        render("usage_registration_received", {"receipt_number": "R-1"}, "ja", SITE)


def test_markup_in_what_people_wrote_stays_text() -> None:
    item = Item(name=Name(ja="証明書", en="Proof"), words='<a href="https://evil.example">click</a>')
    content = DocumentsRequested(
        receipt_number="<b>1</b>", procedure=Name(ja="更新", en="Extension"), items=(item,), due_on=TODAY
    )
    html = rendered(by_template("documents_requested"), "ja", content).html
    assert "<b>1</b>" not in html and 'href="https://evil.example"' not in html
    assert "&lt;b&gt;1&lt;/b&gt;" in html


def test_line_breaks_in_a_number_do_not_reach_the_subject() -> None:
    content = Received(receipt_number="R\r\nBcc: all@example.jp", received_at=datetime(2026, 7, 1, tzinfo=UTC))
    assert "\n" not in rendered(by_template("usage_registration_received"), "ja", content).subject


def test_times_are_told_as_japans_clocks_show_them() -> None:
    late = datetime(2026, 6, 30, 15, 30, tzinfo=UTC)
    assert moment(late, "ja") == "2026年（令和8年）7月1日（水）0時30分"
    assert moment(late, "en") == "Wednesday 1 July 2026, 12:30am (Japan time)"
    assert moment(datetime(2026, 11, 29, 6, 15, tzinfo=UTC), "ja") == "2026年（令和8年）11月29日（日）15時15分"
    assert moment(datetime(2026, 11, 29, 6, 15, tzinfo=UTC), "en") == "Sunday 29 November 2026, 3:15pm (Japan time)"
    assert day(date(2019, 5, 1), "ja") == "2019年（令和元年）5月1日（水）"
    assert day(date(2019, 4, 30), "ja") == "2019年4月30日（火）"


def test_refused_application_is_not_told_of_fees_and_cards() -> None:
    kind = by_template("review_completed")
    granted = sample(kind, TODAY)
    reason = why("refusal", "duties_not_met")
    refused = granted.model_copy(update={"granted": False, "why": reason, "words": "令和7年度の住民税が未納です"})
    assert "5,500円" in rendered(kind, "ja", granted).text
    text = rendered(kind, "ja", refused).text
    assert "円" not in text and "許可となります" not in text and "文書でもお知らせ" in text
    assert reason is not None
    for words in (reason.plain.ja, reason.way_out.ja, reason.plain.en, reason.way_out.en):
        assert " ".join(words.split()) in " ".join(text.split())
    assert text.count("令和7年度の住民税が未納です") == 2, "the officer's words, in both parts"


@pytest.mark.parametrize(
    ("procedure", "fee_yen", "said", "not_said"),
    [
        ("EXTEND", 5500, ["現在の在留カード", "your current residence card", "5,500円"], []),
        ("ACQUIRE", 0, ["返信用封筒", "a return envelope"], ["現在の在留カード", "current residence card"]),
        ("WORKCERT", 1600, ["納付の確認後に交付", "1,600 yen"], ["在留カード", "residence card", "封筒"]),
        ("COE", 0, ["改めてお知らせ", "as soon as it is issued"], ["在留カード", "residence card", "封筒"]),
        ("EXTRA_ACT", 0, ["改めてお知らせ", "as soon as it is issued"], ["在留カード", "residence card"]),
    ],
)
def test_a_grant_asks_for_what_its_procedure_needs(
    procedure: str, fee_yen: int, said: list[str], not_said: list[str]
) -> None:
    kind = by_template("review_completed")
    event = ReviewCompleted.example(procedure=procedure, fee_yen=fee_yen, outcome="granted")
    content = kind.write(event, Facts(str, TODAY, procedure=procedure, office="TYO"))
    text = " ".join(rendered(kind, "ja", content).text.split())
    assert [words for words in said if words not in text] == []
    assert [words for words in not_said if words in text] == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_grant_states_its_conditions_in_both_languages(language: Lang) -> None:
    conditions = [("extra_activity", "general"), ("ssw_field", "27,30"), ("designated_activity", "通訳の業務")]
    stated = [in_words(code, value, TODAY) for code, value in conditions]
    kind = by_template("review_completed")
    shown = tuple(
        Condition(name=Name.of(one.name), text=Name.of(one.text), meaning=Name.of(one.meaning)) for one in stated
    )
    mail = rendered(kind, language, sample(kind, TODAY).model_copy(update={"conditions": shown}))
    for body in (mail.text, unescape(re.sub(r"<[^>]+>", "", mail.html))):
        said = "".join(body.split())
        for one in stated:
            for text in filter(None, (one.name, one.text, one.meaning)):
                assert "".join(text.ja.split()) in said
                assert "".join(text.en.split()) in said


@pytest.mark.parametrize("template", ["registration_expiring", "registration_expired"])
def test_who_may_not_file_any_more_is_told_that_reading_goes_on(template: str) -> None:
    text = rendered(by_template(template), "en", sample(by_template(template), TODAY)).text
    assert "閲覧" in text and "can read" in text.replace("can still sign in and read", "can read")
    assert "ログインできな" not in text and "cannot sign in" not in text and "not possible" not in text


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("template", ["registration_expiring", "periodic_report_returned", "periodic_report_rejected"])
def test_who_has_to_report_is_led_to_the_page_of_the_report(template: str, language: Lang) -> None:
    kind = by_template(template)
    mail = rendered(kind, language)
    page = f"{SITE.public_url}/account/periodic-report"
    assert mail.text.count(page) == 2, "once in each language"
    assert mail.html.count(f'href="{page}"') == 2
    if template == "registration_expiring":
        person = sample(kind, TODAY).model_copy(update={"personal": True})
        text = rendered(kind, language, person).text
        assert page not in text
        assert text.count(f"{SITE.public_url}/register/personal") == 2


def test_the_applicant_is_also_written_to_where_something_is_decided_or_asked_of_them() -> None:
    assert {kind.template for kind in MESSAGES if "applicant" in kind.audience} == {
        "application_received",
        "application_corrected",
        "contact_changed",
        "address_changed",
        "application_withdrawn",
        "case_transferred",
        "documents_requested",
        "documents_due_soon",
        "documents_overdue",
        "more_time_agreed",
        "more_time_declined",
        "interview_requested",
        "interview_moved",
        "interview_soon",
        "interview_cancelled",
        "review_completed",
        "card_mailed",
        "card_returned",
        "certificate_issued",
        "certificate_revoked",
        "counter_visit_required",
        "application_terminated",
    }


@pytest.mark.parametrize(
    ("template", "ja", "en", "not_said"),
    [
        ("usage_registration_approved", "メールアドレスを確認", "Confirm your email address", "Set your password"),
        ("registration_expiring", "改めて登録してください", "register again", "report"),
    ],
)
def test_persons_are_told_of_their_own_way_and_not_of_that_of_organisations(
    template: str, ja: str, en: str, not_said: str
) -> None:
    kind = by_template(template)
    content = sample(kind, TODAY)
    mail = rendered(kind, "en", content.model_copy(update={"personal": True}))
    for body in (mail.text, mail.html):
        assert ja in body
        assert en in body
        assert not_said not in body
    assert not_said in rendered(kind, "en", content).text
