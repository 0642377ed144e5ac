"""Connected systems: clients that act for a person, and those that were registered."""

from services.gateway.pages.account.systems import clients, overview

ROUTERS = [overview.router, clients.router]
