"""Pages of applicants: a new application, its form by topics, its documents, its submission and its receipt."""

from services.gateway.pages.portal import filing, new_application, receipt

ROUTERS = [new_application.router, *filing.ROUTERS, receipt.router]
