"""Every table of registration: importing this module registers all of them with `Row.metadata`."""

from services.registration.accounts.store.accounts import Account, Membership, OfficerRole
from services.registration.accounts.store.base import Row
from services.registration.accounts.store.blocks import Block
from services.registration.accounts.store.email_changes import EmailChange
from services.registration.accounts.store.organisations import Organisation, OrganisationApproval, OrganisationCategory
from services.registration.authentication.store.begun_texts import begun_texts
from services.registration.authentication.store.identities import Identity, identity_requests, identity_tickets
from services.registration.authentication.store.kept_forms import kept_forms
from services.registration.authentication.store.passkeys import Passkey, passkey_challenges
from services.registration.authentication.store.second_factor import RecoveryCode, TotpFactor, sign_in_challenges
from services.registration.authentication.store.sign_in import Password, PasswordLink, Session, session_uses, throttles
from services.registration.authentication.store.signing_keys import SigningKey
from services.registration.gateways.store import gateway_processes
from services.registration.lifecycle.store.reminders import reminders_sent
from services.registration.oauth.store.api_clients import ApiClient, ApiClientSecret, api_client_uses
from services.registration.oauth.store.authorizations import Authorization, authorization_codes, refresh_tokens
from services.registration.officers.store.factor_resets import FactorReset
from services.registration.usage_registration.store.drafts import Draft, DraftLink
from services.registration.usage_registration.store.periodic_reports import PeriodicReport
from services.registration.usage_registration.store.uploaded_files import UploadedFile
from services.registration.usage_registration.store.usage_registrations import UsageRegistration, receipt_serials

__all__ = [
    "Account",
    "ApiClient",
    "ApiClientSecret",
    "Authorization",
    "Block",
    "Draft",
    "DraftLink",
    "EmailChange",
    "FactorReset",
    "Identity",
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
    "api_client_uses",
    "authorization_codes",
    "begun_texts",
    "gateway_processes",
    "identity_requests",
    "identity_tickets",
    "kept_forms",
    "passkey_challenges",
    "receipt_serials",
    "refresh_tokens",
    "reminders_sent",
    "session_uses",
    "sign_in_challenges",
    "throttles",
]
