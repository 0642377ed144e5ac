"""Officers' accounts, for administrators and auditors: the list, one account, its steps, and invitations."""

from services.gateway.pages.desk.officers import invitation, listing, overview, steps

ROUTERS = [listing.router, invitation.router, overview.router, steps.router]
