"""One application followed through all services, by its receipt number or id."""

from services.gateway.pages.board.follow.page import router

__all__ = ["router"]
