"""Registration's tables and the queries on them, one file for each subject."""

from services.registration.store.accounts import Account, Membership, OfficerRole
from services.registration.store.base import Row
from services.registration.store.drafts import Draft, DraftLink
from services.registration.store.email_changes import EmailChange
from services.registration.store.organisations import Organisation, OrganisationApproval, OrganisationCategory
from services.registration.store.passkeys import Passkey, passkey_challenges
from services.registration.store.periodic_reports import PeriodicReport
from services.registration.store.reminders import reminders_sent
from services.registration.store.second_factor import RecoveryCode, TotpFactor, sign_in_challenges
from services.registration.store.sign_in import Password, PasswordLink, Session, session_uses, throttles
from services.registration.store.signing_keys import SigningKey
from services.registration.store.uploaded_files import UploadedFile
from services.registration.store.usage_registrations import UsageRegistration, receipt_serials

__all__ = [
    "Account",
    "Draft",
    "DraftLink",
    "EmailChange",
    "Membership",
    "OfficerRole",
    "Organisation",
    "OrganisationApproval",
    "OrganisationCategory",
    "Passkey",
    "Password",
    "PasswordLink",
    "PeriodicReport",
    "RecoveryCode",
    "Row",
    "Session",
    "SigningKey",
    "TotpFactor",
    "UploadedFile",
    "UsageRegistration",
    "passkey_challenges",
    "receipt_serials",
    "reminders_sent",
    "session_uses",
    "sign_in_challenges",
    "throttles",
]
