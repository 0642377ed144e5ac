"""What registration's journal says was done."""

from shared.journal.tags import AuditTag


class Tag(AuditTag):
    """`subject:action`. Failed sign-ins are counted (`zairyu_sign_ins_total`), and journalled when they slow an account
    down."""

    REGISTRATION_SUBMIT = "usage_registration:submit"
    REGISTRATION_RESUBMIT = "usage_registration:resubmit"
    REGISTRATION_RETURN = "usage_registration:return"
    REGISTRATION_APPROVE = "usage_registration:approve"
    REGISTRATION_REJECT = "usage_registration:reject"
    REGISTRATION_READ = "usage_registration:read"
    ORGANISATION_APPROVE = "organisation:approve"
    MEMBERSHIP_EXPIRE = "membership:expire"
    ACCOUNT_ACTIVATE = "account:activate"
    ACCOUNT_SLOW = "account:slow"
    OFFICER_CREATE = "officer:create"
    LINK_SEND = "password_link:send"
    PASSWORD_CHANGE = "account:change_password"  # noqa: S105 - what was done, and no password
    SECOND_FACTOR_BEGIN = "second_factor:begin"
    SECOND_FACTOR_ADD = "second_factor:add"
    SECOND_FACTOR_REMOVE = "second_factor:remove"
    PASSKEY_ADD = "passkey:add"
    PASSKEY_REMOVE = "passkey:remove"
    RECOVERY_CODES_RENEW = "recovery_codes:renew"
    RECOVERY_CODE_USE = "recovery_codes:use"
    SESSION_HALF_WAY = "session:half_way"
    SESSION_STEP_UP = "session:step_up"
    SESSION_START = "session:start"
    SESSION_END = "session:end"
    KEY_CREATE = "signing_key:create"
    KEY_ROTATE = "signing_key:rotate"
