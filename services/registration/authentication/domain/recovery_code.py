"""Recovery codes: `7K3M-9QXT-2FHA`, eleven random characters and a check character; 31**11 are 54 bits."""

from services.registration.accounts.domain.checked_code import check_character, compact, from_random, is_valid

COUNT = 10
RANDOM_BYTES = 11 * 8
_LENGTH = 12


def make(random: bytes) -> str:
    """A code from `RANDOM_BYTES` random bytes, as it is written."""
    body = from_random(random, 11)
    code = body + check_character(body)
    return "-".join(code[start : start + 4] for start in range(0, _LENGTH, 4))


def canonical(typed: str) -> str | None:
    """The typed code in the form in which codes are compared; None where it cannot be one."""
    code = compact(typed)
    return code if len(code) == _LENGTH and is_valid(code) else None
