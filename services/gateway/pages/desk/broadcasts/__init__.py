"""Broadcasts, for operators: written, seen as readers see them, approved by another operator, followed, stopped."""

from services.gateway.pages.desk.broadcasts import listing, overview, writing

ROUTERS = [listing.router, writing.router, overview.router]
