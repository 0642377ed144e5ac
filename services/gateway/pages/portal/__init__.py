"""Pages of applicants: what needs them now, their applications, and a filing and what follows."""

from services.gateway.pages.portal import (
    applications,
    case,
    filing,
    imports,
    messages,
    needs,
    new_application,
    receipt,
    several,
    stays,
)

ROUTERS = [
    needs.router,
    *applications.ROUTERS,
    *several.ROUTERS,
    new_application.router,
    *filing.ROUTERS,
    *case.ROUTERS,
    receipt.router,
    *imports.ROUTERS,
    stays.router,
    messages.router,
]
