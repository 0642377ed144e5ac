"""Pages on which people sign in and register."""

from services.gateway.pages.entry import (
    forgotten,
    identity,
    links,
    personal_registration,
    registration_start,
    second_step,
    sign_in,
    usage_registration,
)

ROUTERS = [
    *(page.router for page in (sign_in, second_step, forgotten, links, identity, registration_start)),
    *usage_registration.ROUTERS,
    *personal_registration.ROUTERS,
]
