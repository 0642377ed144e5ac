"""Texts of the pages of one's own account."""

from services.gateway.texts.account import (
    authenticator,
    consent,
    devices,
    email,
    identities,
    kept_form,
    overview,
    passkeys,
    password,
    periodic_report,
    recovery_codes,
    security,
    step_up,
    systems,
)

SUBJECTS = (
    authenticator,
    consent,
    devices,
    email,
    identities,
    kept_form,
    overview,
    passkeys,
    password,
    periodic_report,
    recovery_codes,
    security,
    step_up,
    systems,
)
