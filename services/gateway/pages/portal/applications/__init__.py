"""The list of applications: search, saved searches, and the list as a file."""

from services.gateway.pages.portal.applications import export, listing, saved

ROUTERS = [listing.router, export.router, saved.router]
