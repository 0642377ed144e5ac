"""Pages of applicants."""

from services.gateway.pages.portal import receipt

ROUTERS = [receipt.router]
