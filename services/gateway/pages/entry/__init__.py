"""Pages on which people sign in and register."""

from services.gateway.pages.entry import (
    forgotten,
    identity,
    links,
    personal_registration,
    second_step,
    sign_in,
    usage_registration,
)

ROUTERS = [
    *(page.router for page in (sign_in, second_step, forgotten, links, identity)),
    *usage_registration.ROUTERS,
    *personal_registration.ROUTERS,
]
