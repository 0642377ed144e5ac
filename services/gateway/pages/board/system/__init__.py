"""The start page of the board, and the page of one service."""

from services.gateway.pages.board.system import overview, service

ROUTERS = [overview.router, service.router]
