"""Dead letters of a service: the list, one letter, and orders about them."""

from services.gateway.pages.board.letters import listing, one, ordering

# `/letters/order` must be found before `/letters/{letter_id}`.
ROUTERS = [listing.router, ordering.router, one.router]
