"""The start page of the board, the topics, and the pages of one service and of the gateway."""

from services.gateway.pages.board.system import gateway, overview, service, topics, verification

ROUTERS = [overview.router, topics.router, gateway.router, verification.router, service.router]
