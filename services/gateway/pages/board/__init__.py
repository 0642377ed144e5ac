"""The board: pages of operators on the state of all services, and on what failed in them.

Each service answers for itself; one that does not answer is a line of a page and never an error.
"""

from services.gateway.pages.board import attacks, blocks, charts, copies, follow, invariants, letters, system

# `/desk/board/{service}` of the state comes after the pages with names of their own.
ROUTERS = [
    attacks.router,
    blocks.router,
    charts.router,
    copies.router,
    follow.router,
    invariants.router,
    *system.ROUTERS,
    *letters.ROUTERS,
]
