"""Login ids (認証ID): `ZR-7K3M-9QXT`. Seven random characters and a check character; says nothing about its owner.

31**7 ids are 27,500 million: an attacker who guesses ids at the allowed speed finds none in a lifetime. The shape is
our own; that of the government's system is not published. Officers' ids are chosen
by the person who creates the account.
"""

import re
import unicodedata

from services.registration.accounts.domain.checked_code import check_character, compact, from_random, is_valid

RANDOM_BYTES = 7 * 8
_PREFIX = "ZR"
_CHOSEN = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")


def make(random: bytes) -> str:
    """A login id from `RANDOM_BYTES` random bytes."""
    body = from_random(random, 7)
    return _written(body + check_character(body))


def canonical(typed: str) -> str:
    """The typed login id in its stored form: half-width, with its hyphens, whatever the case."""
    code = compact(typed)
    if code.startswith(_PREFIX) and len(code) == 10 and is_valid(code[2:]):
        return _written(code[2:])
    return unicodedata.normalize("NFKC", typed).strip().lower()


def may_be_chosen(login_id: str) -> bool:
    """Whether an officer's account may have this id: 3 to 40 of `a-z 0-9 . _ -`, and not the shape of a drawn one."""
    return bool(_CHOSEN.fullmatch(login_id)) and canonical(login_id) == login_id


def _written(code: str) -> str:
    return f"{_PREFIX}-{code[:4]}-{code[4:]}"
