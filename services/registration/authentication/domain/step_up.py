"""Sign-in methods, their strength, and the sensitive acts that need a recent proof of identity."""

from datetime import timedelta
from enum import StrEnum

# After a sign-in or a step-up, sensitive acts go through for so long.
FRESH_FOR = timedelta(minutes=20)
# Between the password and the second factor.
CHALLENGE_FOR = timedelta(minutes=5)
# An app that was begun to be set up is confirmed within this time, or begun again.
ENROLMENT_FOR = timedelta(minutes=10)


class SignInMethod(StrEnum):
    """The method with which a session began."""

    PASSWORD = "password"  # noqa: S105 - the name of a method
    TOTP = "totp"
    RECOVERY_CODE = "recovery_code"
    PASSKEY = "passkey"
    IDENTITY = "identity"  # at the identity provider: a card and its secret


class SensitiveAct(StrEnum):
    """Acts that a stolen session must not be able to do: they change how somebody gets in or what they may do, or
    outlast the session."""

    CHANGE_PASSWORD = "change-password"  # noqa: S105 - the name of an act
    CHANGE_EMAIL = "change-email"
    ADD_SECOND_FACTOR = "add-second-factor"
    REMOVE_SECOND_FACTOR = "remove-second-factor"
    RENEW_RECOVERY_CODES = "renew-recovery-codes"
    STOP_ACCOUNT = "stop-account"
    ADMINISTER_OFFICERS = "administer-officers"
    LET_SYSTEM_IN = "let-outside-system-in"
    LET_SYSTEM_ACT = "let-outside-system-act"
    LINK_IDENTITY = "link-identity"
    UNLINK_IDENTITY = "unlink-identity"


def step_up_methods(
    *, totp: bool, passkey: bool, recovery_code: bool, password: bool, identity: bool
) -> tuple[SignInMethod, ...]:
    """With what the owner of an account that has these proves again who they are: never with what it does not have.

    A second factor takes the place of the password; an identity is as strong as a passkey and always serves.
    """
    factors = {
        SignInMethod.TOTP: totp,
        SignInMethod.PASSKEY: passkey,
        SignInMethod.RECOVERY_CODE: recovery_code and (totp or passkey),
        SignInMethod.PASSWORD: password and not (totp or passkey),
        SignInMethod.IDENTITY: identity,
    }
    return tuple(method for method, there in factors.items() if there)


def is_strong(method: str | None) -> bool:
    """Whether a session that began so may carry an officer's roles. Officers never sign in at an identity provider."""
    return method is not None and method not in (SignInMethod.PASSWORD, SignInMethod.IDENTITY)
