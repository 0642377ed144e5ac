"""Addresses to which no mail is sent, for operators and auditors: list, history of each, sending there again."""

from services.gateway.pages.desk.mail_addresses import listing, overview

ROUTERS = [listing.router, overview.router]
