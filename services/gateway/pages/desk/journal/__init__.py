"""The journals of the services, for auditors: search, lines as a file, and the check of their chains."""

from services.gateway.pages.desk.journal import search

ROUTERS = [search.router]
