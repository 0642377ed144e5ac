"""Pages of applicants: what needs them now, their applications, and a filing from its first question to its receipt."""

from services.gateway.pages.portal import applications, filing, needs, new_application, receipt

ROUTERS = [needs.router, applications.router, new_application.router, *filing.ROUTERS, receipt.router]
