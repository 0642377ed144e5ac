"""Pages of applicants: a new application, its form by topics, its documents, and its submission."""

from services.gateway.pages.portal import filing, new_application

ROUTERS = [new_application.router, *filing.ROUTERS]
