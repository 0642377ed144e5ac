"""Messages that went out, for operators and auditors: search, history, sending again, and how each template looks."""

from services.gateway.pages.desk.message_log import overview, previews, search

ROUTERS = [search.router, previews.router, overview.router]
