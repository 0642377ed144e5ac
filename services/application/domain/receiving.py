"""What a filing becomes on receipt: its special period, and the key that finds the person again."""

import hmac
from datetime import date, datetime, timedelta
from hashlib import sha256

from services.application.domain.field import Form
from shared.reference.deadlines import special_period_end
from shared.reference.periods import Period, add_months, stay_days


def stay_began_on(expiry: date, period: str) -> date | None:
    """The day on which the present stay was granted, counted back from its end; None for a stay without an end."""
    length = Period.parse(period)
    if length.indefinite:
        return None
    return add_months(expiry, -(length.years * 12 + length.months)) - timedelta(days=length.days)


def special_period(form: Form, filed_on: date) -> datetime | None:
    """Until when the old status holds while this application pends (特例期間); None where the rule does not apply."""
    expiry = date.fromisoformat(form["stay_expiry"])
    began = stay_began_on(expiry, form["current_period"])
    if began is None:
        return None
    return special_period_end(expiry, filed_on, stay_days(began, expiry))


def person_key(secret: bytes, card_number: str) -> bytes:
    """A keyed hash of a residence card number: equal numbers meet, and without `secret` it says nothing."""
    return hmac.new(secret, b"zairyu.person.v1\n" + card_number.encode(), sha256).digest()


def same_person_keys(secret: bytes, form: Form) -> tuple[str, ...]:
    """Keyed hashes (hex) that two applications of one person share: one of the residence card number, and one of name,
    birth date and nationality, which stay when a card is renewed or its number was mistyped.

    Only what is filled in gives a key. The second one may meet for two people: an officer says so.
    """
    keys = []
    if card := form["residence_card_no"]:
        keys.append(person_key(secret, card).hex())
    identity = [form["name_roman"], form["birth_date"], form["nationality"]]
    if all(identity):
        name, born, nationality = identity
        letters = "".join(letter for letter in str(name).casefold() if letter.isalnum())
        written = "\n".join((letters, str(born), str(nationality)))
        keys.append(hmac.new(secret, b"zairyu.identity.v1\n" + written.encode(), sha256).hexdigest())
    return tuple(keys)
