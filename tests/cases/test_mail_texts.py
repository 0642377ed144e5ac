"""The texts of mails, in both languages, and where their links lead."""

import re
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.routing import Match

from services.gateway.pages import ROUTERS
from services.notification.app import create_app
from services.notification.channels.mail.content.facts import Content, Facts, Item
from services.notification.channels.mail.content.registration import _CHANGES
from services.notification.channels.mail.rendering import PREFIX, Rendered, Site, render
from services.notification.messages.catalogue import MESSAGES, MessageKind, by_template
from services.notification.messages.samples import sample
from services.notification.settings import Settings
from services.registration.settings import Settings as RegistrationSettings
from shared.errors import Text
from shared.events.application import BulkImportFinished
from shared.events.fields import RequestedItem
from shared.events.registration import AccountActivated, CredentialChanged
from shared.events.review import ReviewCompleted
from shared.ids import new_id
from shared.languages import Lang
from shared.sealing import Sealer
from tests.services.notification.conftest import MailClient, part, post
from tests.support.keys import SEALING_KEY, secrets

__all__ = ["post"]

TODAY = date(2026, 11, 29)
SEALER = Sealer(SEALING_KEY)
SITE = Site(
    "https://zairyu.example.jp",
    Text("在留手続オンライン", "Residence Procedures"),
    Text("運営窓口", "Help desk"),
    phone="03-0000-0000",
    hours=Text("平日9時から17時まで", "Monday to Friday, 9am to 5pm"),
    contact_url="https://help.example.jp/",
)


def rendered(template: str, language: Lang = "ja", *, name: str | None = "鈴木一郎", **changes: Any) -> Rendered:
    content: Content = sample(by_template(template), TODAY)
    return render(template, dict(content.model_copy(update=changes)), language, SITE, name)


def variants(kind: MessageKind) -> list[Rendered]:
    """A mail as it looks for each value of what it depends on."""
    content = sample(kind, TODAY)
    found = [rendered(kind.template)]
    for flag in ("personal", "usable", "granted", "dry_run", "link", "held_at"):
        if flag in type(content).model_fields:
            values = (True, False) if isinstance(getattr(content, flag), bool) else (None,)
            changed = [content.model_copy(update={flag: value}) for value in values]
            found += [render(kind.template, dict(each), "ja", SITE) for each in changed]
    return found


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.template)
def test_every_link_of_a_mail_leads_to_a_page(kind: MessageKind) -> None:
    """[newcomers S1-1, newcomers mails] No mail promises a page that does not exist, or leads to the start page."""
    for mail in variants(kind):
        found = re.findall(r"https://zairyu\.example\.jp[^\s\"<]*", mail.text + mail.html)
        for path in {urlsplit(link).path for link in found}:
            assert path not in ("", "/"), "the start page is where nothing is"
            scope = {"type": "http", "method": "GET", "path": path, "headers": [], "root_path": ""}
            assert any(each.matches(scope)[0] is Match.FULL for router in ROUTERS for each in router.routes), path


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.template)
def test_every_mail_names_service_addressee_and_contact_in_its_language(kind: MessageKind) -> None:
    """[newcomers mails] Telephone, hours and address per language; 宛名 or salutation on top."""
    mail = rendered(kind.template)
    ja, en = re.split(r"^-{20,}$", mail.text, flags=re.MULTILINE)
    assert ja.split("\n\n")[:2] == ["在留手続オンライン", "鈴木一郎 様"]
    assert en.strip().split("\n\n")[:2] == ["Residence Procedures", "Dear 鈴木一郎,"]
    assert "電話：03-0000-0000（受付時間：平日9時から17時まで）" in ja and "運営窓口" in ja
    assert "Telephone: 03-0000-0000 (Monday to Friday, 9am to 5pm)" in en and "Help desk" in en
    assert "Help desk" not in ja and "運営窓口" not in en
    for half in (ja, en):
        assert "https://help.example.jp/" in half
    assert '<span lang="ja">鈴木一郎</span>' in mail.html


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.template)
def test_no_mail_uses_the_words_that_were_found_wrong(kind: MessageKind) -> None:
    """[newcomers mails, newcomers wording] Japanese as an office writes it, English as GOV.UK does."""
    for mail in variants(kind):
        for text in (mail.subject, mail.text):
            assert not re.search(
                r"サインイン|サインアウト|直して|許可となる見込み|結論を出さずに|\(|\)", _japanese(text)
            )
            assert not re.search(
                r"\b(?:[Mm]ails?|hand(?:ed)? in|mend|log(?:ged)?[ -](?:in|out)|outside systems?|by itself|let in|told"
                r"|gets? in|lately)\b",
                re.sub(r"https?://\S+", "", text),
            )
            assert not re.search(r"[・-] ?[a-z_]+[:：]", text), "a code is no word"


def _japanese(text: str) -> str:
    """Lines without English."""
    return "\n".join(
        line
        for line in text.splitlines()
        if re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", line) and "Dear" not in line and "/" not in line
    )


def test_the_agency_is_not_named_as_the_contact() -> None:
    """[newcomers mails] Nobody has set who answers: it is not the real agency that does."""
    made = Settings(database_url="postgresql+asyncpg://u:p@127.0.0.1/x", **secrets("notification"))
    app = create_app(made)
    mail = render("fee_paid", dict(sample(by_template("fee_paid"), TODAY)), "ja", app.state.site)
    assert "出入国在留管理庁" not in mail.text
    assert "本サービスの運営窓口" in mail.text and "The help desk of this service" in mail.text
    assert "None" not in mail.text and "電話" not in mail.text


def test_unknown_addressee_is_addressed_all_the_same() -> None:
    """[newcomers mails] Somebody who has just begun a draft has no name yet."""
    text = rendered("draft_link", name=None).text
    assert "ご利用者様" in text and "Hello," in text


@pytest.mark.parametrize(
    "name",
    [
        "Win 500 at https://evil.example",
        "www.evil.example にアクセス",
        "a@b.example",
        "電話0120000000",
        "x" * 71,
        "<b>A</b>",
    ],
)
def test_name_that_is_none_does_not_reach_a_strangers_mailbox(name: str) -> None:
    """[newcomers mails] A person who types a stranger's address cannot write to them through the name."""
    mail = rendered("usage_registration_received", name=name)
    assert name not in mail.text
    assert "ご利用者様" in mail.text


@pytest.mark.parametrize(
    "name", ["鈴木 一郎", "NGUYEN VAN ANH", "José Ñúñez-O'Neill Jr.", "Nguyễn Văn Anh", "王·小明".replace("·", "・")]
)
def test_names_of_all_countries_are_shown(name: str) -> None:
    """[newcomers mails] Accents, hyphens, apostrophes and several parts."""
    assert f"{name} 様" in rendered("fee_paid", name=name).text


async def test_name_of_an_account_is_used_for_all_its_mails(post: MailClient) -> None:
    """[newcomers mails] It comes sealed with the address, is kept with it, and is in no table in clear."""
    account, name = new_id(), post.sealer.seal("鈴木一郎")
    recipient = post.recipient(post.filer).model_copy(update={"sealed_name": name})
    made = {"account_id": account, "organisation_id": None, "sealed_login_id": post.sealer.seal("AB12345678")}
    await post.deliver(AccountActivated.example(recipient=recipient, activated_at=post.clock.now(), **made))
    await post.deliver(BulkImportFinished.example(account_id=account))
    await post.send_all()
    mails = post.mails(post.filer)
    assert len(mails) == 2
    for mail in mails:
        assert "鈴木一郎 様" in part(mail, "plain") and "Dear 鈴木一郎," in part(mail, "plain")


@pytest.mark.parametrize(("change", "subject"), sorted(_CHANGES.items()))
def test_subject_says_what_was_changed(change: str, subject: Any) -> None:
    """[newcomers mails] 二要素認証を設定しました, and not 「サインイン情報などが変更されました」."""
    kind = by_template("credential_changed")
    content = kind.write(CredentialChanged.example(change=change), Facts(str, TODAY))
    said = render(kind.template, dict(content), "ja", SITE).subject
    # Where there is no room for two languages, it is the reader's.
    assert said in (f"{PREFIX}{subject.ja} / {subject.en}", f"{PREFIX}{subject.ja}")


def test_person_is_told_that_the_registration_is_complete() -> None:
    """[newcomers mails] 利用者登録 in the subject as in the body; 利用申出 is what organisations file."""
    mail = rendered("usage_registration_approved", personal=True)
    assert mail.subject == f"{PREFIX}利用者登録が完了しました / Registration complete"
    assert "利用申出" not in mail.text
    for template in ("received", "returned", "rejected"):
        mail = rendered(f"usage_registration_{template}", personal=True)
        assert "利用申出" not in mail.subject + mail.text and "利用者登録" in mail.subject
        assert "sage registration" not in mail.subject + mail.text
    assert "利用申出が承認されました" in rendered("usage_registration_approved").subject


def test_validity_of_the_link_is_on_top_and_in_bold_and_three_days() -> None:
    """[newcomers mails] Staff go home on Friday."""
    until = datetime(2026, 11, 29, 6, 15, tzinfo=UTC)
    mail = rendered("usage_registration_approved", link_expires_at=until)
    said = "2026年（令和8年）11月29日（日）15時15分"
    assert f"【リンクの有効期限】{said}" in mail.text
    assert f"<strong>リンクの有効期限：{said}</strong>" in mail.html
    assert mail.text.index(said) < mail.text.index("https://") < mail.text.index("受付番号")
    assert RegistrationSettings.model_fields["password_link_hours"].default == 72


@pytest.mark.parametrize("personal", [True, False])
def test_a_new_confirmation_link_has_a_link_of_its_own(personal: bool) -> None:
    """[newcomers mails] Every page that is named is linked."""
    text = rendered("usage_registration_approved", personal=personal).text
    assert "確認リンクの再送：\nhttps://zairyu.example.jp/forgot-password" in text
    assert "Get a new link:\nhttps://zairyu.example.jp/forgot-password" in text


def test_who_can_log_in_already_is_led_there() -> None:
    """[newcomers mails] A second role needs no other password."""
    kind = by_template("usage_registration_approved")
    content = sample(kind, TODAY)
    usable = kind.write(
        kind.event.example(sealed_link=SEALER.seal("https://zairyu.example.jp/sign-in")), Facts(SEALER.open, TODAY)
    )
    assert not content.usable and usable.usable  # type: ignore[attr-defined]
    text = render(kind.template, dict(usable), "ja", SITE).text
    assert text.count("https://zairyu.example.jp/sign-in") == 2
    assert "パスワードを設定してください" not in text


@pytest.mark.parametrize("template", ["account_activated", "login_id_reminded"])
def test_usable_account_is_led_to_the_log_in_page(template: str) -> None:
    """[newcomers mails] And not to the start page."""
    assert "ログインする：\nhttps://zairyu.example.jp/sign-in" in rendered(template).text


@pytest.mark.parametrize(
    ("template", "ja", "en"),
    [
        ("review_completed", "次の手続が済み次第、許可となります", "will be granted once you complete these steps"),
        ("fee_paid", "手数料の納付を確認しました", "Fee payment confirmed"),
        ("application_terminated", "申請は終止となりました（審査の対象がなくなったため）", "has been closed because"),
        ("interview_requested", "事情聴取・実態調査のご案内", "Interview or visit"),
        ("card_mailed", "在留カード等を発送しました", "Your residence card has been sent"),
        ("review_completed", "東京出入国在留管理局", "Tokyo Regional Immigration Services Bureau"),
    ],
)
def test_wording_of_the_table(template: str, ja: str, en: str) -> None:
    """[newcomers mails] The column "better"."""
    mail = rendered(template)
    whole = mail.subject + mail.text
    assert ja in whole and en in whole


def test_where_to_send_the_card_is_an_address_or_who_to_ask() -> None:
    """[newcomers mails] Nobody guesses a postal address."""
    content = dict(sample(by_template("review_completed"), TODAY))
    address = "108-0000 東京都港区1-1"
    known = Site(SITE.public_url, SITE.service, SITE.contact, card_office_address=address)
    assert render("review_completed", content, "ja", known).text.count(address) == 2
    text = render("review_completed", content, "ja", SITE).text
    assert "東京出入国在留管理局（送付先の住所は、下記の窓口にお問い合わせください。）" in text
    assert "Tokyo Regional Immigration Services Bureau (contact us for the postal address)" in text


@pytest.mark.parametrize("template", ["usage_registration_returned", "periodic_report_returned", "documents_requested"])
def test_officers_words_are_marked_as_japanese_and_codes_are_not_shown(template: str) -> None:
    """[newcomers S2-26] 「・other: 登記上の…」 was the code and unmarked."""
    said = "登記上の住所を記載してください"
    sealed, facts = SEALER.seal(said), Facts(SEALER.open, TODAY)
    items = facts.items(
        [RequestedItem(code="other", sealed_text=sealed), RequestedItem(code="other"), RequestedItem(code="UA_FORM")]
    )
    mail = rendered(template, "en", items=items)
    assert "other" not in mail.text.replace("another", "").lower().replace("- other", "")
    assert f"  ・{said}\n  ・その他の事項\n  ・利用申出書" in mail.text
    assert f"  - {said}\n  - Other\n  - Usage registration form" in mail.text
    assert f'<span lang="ja">{said}</span>' in mail.html.split('<section lang="ja"')[0]


def test_officers_reason_is_marked_too_and_english_is_not() -> None:
    """[newcomers S2-26] By what is written, not by who wrote it."""
    ja = rendered("usage_registration_rejected", "en", reason="要件を満たしません").html
    assert '<span lang="ja">要件を満たしません</span>' in ja.split('<section lang="ja"')[0]
    en = rendered("usage_registration_rejected", "en", reason="Not <met>").html
    assert "Not &lt;met&gt;" in en and '<span lang="ja">Not' not in en


def test_who_has_something_to_do_is_led_to_the_page_of_the_application() -> None:
    """[newcomers S1-1] In both languages, also from a mail whose content was made before it had the application."""
    for template in (
        *("documents_requested", "documents_due_soon", "documents_overdue", "review_completed"),
        *("more_time_agreed", "more_time_declined"),
    ):
        mail = rendered(template)
        page = f"https://zairyu.example.jp/applications/{ReviewCompleted.example().application_id}"
        assert mail.text.count(page) == 2 and mail.html.count(f'href="{page}"') == 2
        assert "画面は準備中です" not in mail.text and "There are no pages yet" not in mail.text
        assert rendered(template, application_id="").text.count("https://zairyu.example.jp/applications\n") == 2


def test_item_without_words_or_name_is_other() -> None:
    """[newcomers S2-26] Nothing is listed as an empty line."""
    (item,) = Facts(str, TODAY).items([RequestedItem(code="unknown_code")])
    assert isinstance(item, Item) and item.name.ja == "その他の事項"


def test_only_what_is_japanese_is_marked() -> None:
    """[newcomers S2-26] A mixed text keeps its English, and markup in it stays text."""
    html = rendered("usage_registration_rejected", "en", reason="登記<b>10通</b>").html
    assert 'strong><span lang="ja">登記</span>&lt;b&gt;10<span lang="ja">通</span>&lt;/b&gt;' in html
