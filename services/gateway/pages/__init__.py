"""The gateway's own pages by audience. They work without scripts; what needs a passkey has one."""

from services.gateway.pages import account, board, desk, entry, portal, public
from services.gateway.pages.kit import components, hiding, static, viewer

ROUTERS = [
    static.router,
    components.router,
    hiding.router,
    viewer.router,
    *public.ROUTERS,
    *entry.ROUTERS,
    *account.ROUTERS,
    *portal.ROUTERS,
    *desk.ROUTERS,
    *board.ROUTERS,
]
