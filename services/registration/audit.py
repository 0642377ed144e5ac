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
    MEMBERSHIP_END = "membership:end"
    MEMBERSHIP_REMIND = "membership:remind"
    CATEGORY_END = "organisation:end_category"
    REPORT_SUBMIT = "periodic_report:submit"
    REPORT_RESUBMIT = "periodic_report:resubmit"
    REPORT_RETURN = "periodic_report:return"
    REPORT_APPROVE = "periodic_report:approve"
    REPORT_REJECT = "periodic_report:reject"
    REPORT_READ = "periodic_report:read"
    ACCOUNT_READ = "account:read"
    ACCOUNT_SUSPEND = "account:suspend"
    ACCOUNT_LIFT = "account:lift_suspension"
    ACCOUNT_CLOSE = "account:close"
    EMAIL_ASK = "account:ask_email_change"
    EMAIL_CHANGE = "account:change_email"
    LOGIN_ID_REMIND = "account:remind_login_id"
    PASSWORD_REMIND = "account:remind_password"  # noqa: S105 - what was done, and no password
    SESSION_SWITCH = "session:switch"
    ACCOUNT_ACTIVATE = "account:activate"
    ACCOUNT_SLOW = "account:slow"
    OFFICER_CREATE = "officer:create"
    LINK_SEND = "password_link:send"
    PASSWORD_CHANGE = "account:change_password"  # noqa: S105 - what was done, and no password
    SESSION_START = "session:start"
    SESSION_END = "session:end"
    KEY_CREATE = "signing_key:create"
    KEY_ROTATE = "signing_key:rotate"
