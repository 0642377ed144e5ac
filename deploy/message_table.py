"""The table of messages in docs/notification.md, from their catalogue: `python -m deploy.message_table [--check]`."""

import sys

from deploy.generated import GeneratedPart
from services.notification.messages.catalogue import MESSAGES, WITHOUT_MESSAGE
from shared.events import CATALOGUE


def table() -> str:
    """One line for each event and template, and for each event without one its reason."""
    lines = ["| Event | Informs | Template | By | When |", "|---|---|---|---|---|"]
    for event in CATALOGUE:
        for kind in (kind for kind in MESSAGES if kind.event is event):
            informs = ", ".join(kind.audience)
            if kind.in_bulk is not None:
                informs += f" (in a bulk import: {', '.join(kind.in_bulk)})"
            when = "as chosen" if kind.may_wait else "at once"
            row = (event.event_name(), informs, f"`{kind.template}`", ", ".join(kind.channels), when)
            lines.append(f"| {' | '.join(row)} |")
        if event in WITHOUT_MESSAGE:
            lines.append(f"| {event.event_name()} | nobody: {WITHOUT_MESSAGE[event]} | | | |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(GeneratedPart("notification.md", "messages").run(table()))
