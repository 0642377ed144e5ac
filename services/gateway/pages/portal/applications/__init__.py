"""The list of applications: search, saved searches, the list as a file, and drafts handed over several at once."""

from services.gateway.pages.portal.applications import export, handover, listing, saved

ROUTERS = [listing.router, export.router, saved.router, handover.router]
