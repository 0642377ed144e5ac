"""What registration does on other services' events: nothing, it is where the way begins."""

from shared.events import Event
from shared.messaging import Handler
from shared.work import Commands


def handlers(commands: Commands) -> dict[type[Event], Handler]:
    """No event of another service changes who may sign in."""
    return {}
