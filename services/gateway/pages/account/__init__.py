"""Pages of a signed-in person's or officer's own account."""

from services.gateway.pages.account import (
    authenticator,
    consent,
    devices,
    email,
    erasure,
    identities,
    kept_form,
    message_choices,
    overview,
    passkeys,
    password,
    periodic_report,
    recovery_codes,
    security,
    stay_abroad,
    step_up,
    systems,
    webhooks,
)

ROUTERS = [
    *(page.router for page in (overview, email, security, password, authenticator, recovery_codes)),
    *(page.router for page in (passkeys, identities, devices, message_choices, stay_abroad, erasure)),
    *periodic_report.ROUTERS,
    *systems.ROUTERS,
    *webhooks.ROUTERS,
    *(page.router for page in (step_up, consent, kept_form)),
]
