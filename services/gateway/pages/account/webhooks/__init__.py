"""Webhooks: the addresses of other systems that are informed, their secrets, and what was sent to each."""

from services.gateway.pages.account.webhooks import changes, log, overview

ROUTERS = [overview.router, changes.router, log.router]
