"""The list of applications: search, saved searches, and drafts handed over to a colleague several at once."""

from services.gateway.pages.portal.applications import handover, listing, saved

ROUTERS = [listing.router, saved.router, handover.router]
