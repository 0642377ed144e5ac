"""Residence cards, the mail they travel in, and the steps from a grant to the card."""

import re
from dataclasses import replace
from datetime import date

from services.review.cases.domain.flow import Issue, Officer, Progress, advance, require, state_after_payment
from services.review.cases.domain.refusal import Change, NotNow, Wrong
from services.review.cases.domain.states import State, Step
from services.review.cases.domain.word_lists import check_listed, word_list
from shared.errors import Text
from shared.text import BadValue, code_like, residence_card_number

_TRACKING_NUMBER = re.compile(r"[0-9]{11,13}")

# Tracked mail that the card office accepts for return envelopes.
CARRIERS = word_list(
    letter_pack_plus=Text("レターパックプラス", "Letter Pack Plus"),
    registered_mail=Text("書留", "Registered mail"),
    simplified_registered_mail=Text("簡易書留", "Simplified registered mail"),
)
# The answer of the form of somebody who receives the card at a counter.
AT_COUNTER = "COUNTER"
BY_POST = "POST"
# Reasons for which a card is handed over at a counter.
VISITS = word_list(
    returned_mail=Text("郵便物が返送された", "The letter came back"),
    address_unconfirmed=Text("住居地の確認が必要", "The address has to be confirmed"),
    sticker=Text("旅券に証印を受ける必要がある", "A permit sticker goes into the passport"),
    asked_for=Text("申請人の希望", "The applicant asked for it"),
)
# Ends of a letter that did not reach its holder.
RETURNS = word_list(
    returned=Text("返送された", "It came back"),
    lost=Text("亡失した", "It is lost"),
)


def read_card_number(entered: str) -> str:
    """`entered` in its stored form: two letters, eight digits, two letters, e.g. `AB12345678CD`.

    Read as everywhere; raises `Wrong`, which never repeats the number.
    """
    try:
        return residence_card_number(entered)
    except BadValue as bad:
        raise Wrong("card-number", bad.message, "/card_number") from bad


def mask_card_number(number: str) -> str:
    """A card number that may be shown: its ends only."""
    return f"{number[:2]}********{number[-2:]}"


def read_carrier(entered: str) -> str:
    """A carrier of the list; raises `Wrong`."""
    if entered not in CARRIERS:
        raise Wrong(
            "carrier",
            Text("配送方法は {carriers} のいずれかです", "Use one of {carriers}").with_values(
                carriers=list(CARRIERS.values())
            ),
            "/carrier",
        )
    return entered


def read_tracking_number(entered: str) -> str:
    """The digits of a tracking number (お問い合わせ番号; 11 to 13), without spaces and hyphens; raises `Wrong`."""
    number = code_like(entered)
    if not _TRACKING_NUMBER.fullmatch(number):
        raise Wrong(
            "tracking-number",
            Text(
                "お問い合わせ番号は11〜13桁の数字で入力してください（例：1234-5678-9012）",
                "Enter a tracking number of 11 to 13 digits, like 1234-5678-9012",
            ),
            "/tracking_number",
        )
    return number


def check_expiry(expires_on: date, stay_until: date | None, issued_on: date) -> None:
    """Raise `Wrong` unless a card ends after its day of issue and not after the stay; for children it ends earlier."""
    if expires_on <= issued_on or (stay_until is not None and expires_on > stay_until):
        limit = stay_until or "—"
        raise Wrong(
            "card-expiry",
            Text(
                "有効期限は交付日より後、在留期間の満了日（{limit}）以前にしてください",
                "A card ends after its day of issue and not after the stay ({limit})",
            ).with_values(limit=limit),
            "/expires_on",
        )


def take_materials(
    case: Progress,
    by: Officer,
    residence_card_received: bool,
    old_card_needed: bool,
    received: Change | None = None,
) -> Progress:
    """The return envelope came in, with the old card where there is one (not when a status is acquired at birth).
    `received` is when and by whom it is recorded already."""
    require(case, Step.TAKE_MATERIALS, by)
    if case.issue is Issue.CERTIFICATE:
        raise NotNow("no-card", Text("この手続では在留カードを交付しません", "No card is issued in this procedure"))
    if case.materials_received:
        text = Text("受領済みです", "They are recorded as received already")
        raise NotNow("materials-received-already", text, change=received)
    if old_card_needed and not residence_card_received:
        raise Wrong(
            "old-card-missing",
            Text(
                "現在の在留カードの受領を確認してください", "The present residence card must be among what was received"
            ),
            "/residence_card_received",
        )
    after = replace(case, materials_received=True)
    return replace(after, state=state_after_payment(after))


def issue_card(case: Progress, by: Officer) -> Progress:
    """The new card is made."""
    return advance(case, Step.ISSUE_CARD, by, State.CARD_ISSUED)


def require_visit(case: Progress, by: Officer) -> Progress:
    """The card can only be handed over at a counter."""
    return advance(case, Step.REQUIRE_VISIT, by, State.COUNTER_VISIT)


def mail(case: Progress, by: Officer) -> Progress:
    """The card is handed to the carrier."""
    return advance(case, Step.MAIL, by, State.DISPATCHED)


def return_card(case: Progress, by: Officer, kind: str) -> Progress:
    """The card did not reach its holder: it came back and is mailed again or collected, or is lost and made again."""
    check_listed(kind, RETURNS, "/kind")
    return advance(case, Step.RETURN_CARD, by, State.CARD_PRODUCTION if kind == "lost" else State.RETURNED)


def deliver(case: Progress, by: Officer) -> Progress:
    """The card reached its holder."""
    return advance(case, Step.DELIVER, by, State.DELIVERED)
