"""The provider of short messages in memory, for tests. It simulates refusals and outages."""

from services.notification.channels.short.port import NotNow, Refused, ShortMessage


class MemoryProvider:
    """A provider that keeps what it accepts, once for each key. It raises `answers` first."""

    def __init__(self, *answers: NotNow | Refused) -> None:
        self.answers = list(answers)
        self.attempts = 0
        self.accepted: dict[str, ShortMessage] = {}

    async def send(self, message: ShortMessage) -> str:
        self.attempts += 1
        if self.answers:
            raise self.answers.pop(0)
        self.accepted.setdefault(message.key, message)
        return f"memory-{message.key}"
