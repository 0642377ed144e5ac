"""Rules of certificates: the life of a link, the tries of it, and the standing of a certificate."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from shared.clock import end_of_day_jst, legal_date

LINK_LIFETIME = timedelta(days=14)
# Wrong dates of birth before a link stops: somebody who has the link alone must not find the date by trying.
MOST_TRIES = 5
# Links of one certificate, those that were stopped included.
MOST_LINKS = 20


class Standing(StrEnum):
    """The worth of a certificate today."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


def standing(valid_until: date | None, revoked: bool, today: date) -> Standing:
    """The standing of a certificate; without a last day it does not end."""
    if revoked:
        return Standing.REVOKED
    return Standing.EXPIRED if valid_until is not None and valid_until < today else Standing.VALID


def link_expires_at(now: datetime, valid_until: date | None) -> datetime:
    """The moment after which a link that is sent now opens nothing: with the certificate at the latest."""
    lasts = now + LINK_LIFETIME
    return lasts if valid_until is None else min(lasts, end_of_day_jst(valid_until))


def opens(now: datetime, expires_at: datetime, ended: bool, wrong_tries: int) -> bool:
    """Whether a link still opens."""
    return not ended and wrong_tries < MOST_TRIES and now <= expires_at


def issue_day(issued_at: datetime) -> date:
    """The day of issue, in Japan."""
    return legal_date(issued_at)
