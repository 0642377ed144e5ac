"""The gateway's own pages, one file for each subject. They work without scripts; what needs a passkey has one."""

from services.gateway.pages import (
    account,
    authenticator,
    beginning,
    consent,
    devices,
    draft,
    draft_documents,
    email,
    forgotten,
    identity,
    links,
    passkeys,
    passwords,
    person_documents,
    registering,
    second_step,
    security,
    sign_in,
    site,
    step_up,
    system_keeping,
    systems,
)

ROUTERS = [
    page.router
    for page in (
        site,
        sign_in,
        second_step,
        forgotten,
        links,
        account,
        email,
        security,
        passwords,
        authenticator,
        passkeys,
        devices,
        systems,
        system_keeping,
        step_up,
        consent,
        identity,
        beginning,
        draft,
        draft_documents,
        person_documents,
        registering,
    )
]
