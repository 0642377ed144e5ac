"""Limits against guessing: the numbers of sign-in and password reset, each with its reason.

Every attempt is charged before the password is looked at and refunded when it was right, so that a hundred parallel
guesses count as a hundred. Three counters are kept for a sign-in:

- the pair of login id and address: a person who mistypes, or one attacker on one account;
- the login id, over all addresses: a distributed attack on one account. Its pause is short, and addresses from which
  the owner signed in recently are exempt from it: so nobody can lock the owner out from elsewhere;
- the address, over all login ids: one machine that tries many accounts.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.reference.passwords import PasswordRules

KNOWN_ADDRESS_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` attempts in `window` cost nothing; after each further one the next waits, twice as long as before."""

    free: int
    window: timedelta
    first_wait: timedelta
    longest_wait: timedelta


# 20 + 60 guesses an hour from all the world together: a year of it is half a million guesses, and the shortest
# password has 12 characters. The longest wait of one minute is all that an attacker can do to the owner.
SIGN_IN_ACCOUNT = Limit(20, timedelta(hours=1), timedelta(seconds=15), timedelta(minutes=1))
# Of a million codes three are right at any time. Only who knows the password gets here, so the pause may be long: ten
# guesses an hour and four more, by anyone who is not at an address of the owner's, and the owner is warned by mail.
CODE_ACCOUNT = Limit(10, timedelta(hours=1), timedelta(minutes=1), timedelta(minutes=15))
# A whole office behind one address makes mistakes too; only failures count.
SIGN_IN_ADDRESS = Limit(50, timedelta(minutes=10), timedelta(seconds=30), timedelta(minutes=10))
# Three mails an hour (two, and the one after which to wait) let nobody fill another person's mailbox; asking more often
# is answered the same, without a mail. What is asked from where the owner signed in during 30 days is counted apart, so
# that a stranger uses up nothing of the owner's.
RESET_ACCOUNT = Limit(2, timedelta(hours=1), timedelta(hours=1), timedelta(hours=1))
RESET_ADDRESS = Limit(20, timedelta(hours=1), timedelta(minutes=1), timedelta(minutes=30))
# Public forms: one address submits at most this many before it waits. Agencies that register many staff sign in.
# Their mails are counted with those of drafts.
SUBMIT_ADDRESS = Limit(100, timedelta(hours=1), timedelta(minutes=1), timedelta(minutes=10))
# What anybody can have mailed to an address that they merely name (drafts, links to them, receipts of usage
# registrations): together as few as resets, no matter who asks.
NAMED_EMAIL = Limit(2, timedelta(hours=1), timedelta(hours=1), timedelta(hours=1))
# Links to an address that is named by somebody who has signed in or proved who they are.
OWN_EMAIL = Limit(2, timedelta(hours=1), timedelta(hours=1), timedelta(hours=1))
# Saving now and then while several people of one office write; each save is a line in the journal.
DRAFT_ADDRESS = Limit(600, timedelta(minutes=10), timedelta(seconds=10), timedelta(minutes=1))
# Guessing a link of 256 bits is hopeless; this keeps the hashing of passwords from being used to burn our CPU.
LINK_ADDRESS = Limit(30, timedelta(minutes=10), timedelta(seconds=30), timedelta(minutes=10))

# Each question for a passkey is a row for some minutes; a whole office may sign in at nine o'clock.
PASSKEY_ADDRESS = Limit(300, timedelta(minutes=10), timedelta(seconds=30), timedelta(minutes=10))

# A secret of an API client cannot be guessed, and who has it is never slowed; what is wrongly set up at one place
# asks every few seconds for days.
CLIENT_PAIR = Limit(20, timedelta(minutes=10), timedelta(seconds=30), timedelta(minutes=10))
CLIENT_ADDRESS = Limit(100, timedelta(minutes=10), timedelta(seconds=30), timedelta(minutes=10))
# Each sign-in at the identity provider is a row for some minutes, and costs us requests to the provider.
IDENTITY_ADDRESS = Limit(200, timedelta(minutes=10), timedelta(seconds=30), timedelta(minutes=10))

# A form that is kept is up to half a megabyte for three days; sessions of a whole office end in the same night.
KEPT_ADDRESS = Limit(60, timedelta(hours=1), timedelta(minutes=1), timedelta(minutes=10))


def sign_in_pair(rules: PasswordRules) -> Limit:
    """Login id and address together: five typing mistakes are common; who waits 15 minutes at most gets in today."""
    return Limit(
        rules.lock_after,
        timedelta(hours=1),
        timedelta(seconds=rules.lock_seconds),
        timedelta(seconds=rules.lock_seconds_max),
    )


@dataclass(frozen=True, slots=True)
class Count:
    """State of one counter."""

    charged: int
    window_ends: datetime
    blocked_until: datetime | None

    def wait(self, now: datetime) -> timedelta:
        """The time that the next attempt has to wait; zero when it need not."""
        return max((self.blocked_until or now) - now, timedelta(0))


def charge(limit: Limit, count: Count | None, now: datetime) -> Count:
    """The counter after one more attempt at `now`. The caller has seen that `wait` is zero."""
    if count is None or now >= count.window_ends:
        count = Count(0, now + limit.window, None)
    charged = count.charged + 1
    over = charged - limit.free
    if over < 1:
        return Count(charged, count.window_ends, None)
    wait = min(limit.first_wait * 2 ** min(over - 1, 20), limit.longest_wait)
    # The window goes on at least as long as the wait, or waiting would pay for everything before it.
    return Count(charged, max(count.window_ends, now + wait + limit.first_wait), now + wait)


def refund(count: Count) -> Count:
    """The counter after its last attempt turned out to be right."""
    return Count(max(count.charged - 1, 0), count.window_ends, None)
