"""The account of a person who registered with the office: what it may do, and stopping, restoring and ending it."""

from services.gateway.pages.desk.accounts import overview, steps

ROUTERS = [overview.router, steps.router]
