"""The start page of the board, the topics, and the page of one service."""

from services.gateway.pages.board.system import overview, service, topics

ROUTERS = [overview.router, topics.router, service.router]
