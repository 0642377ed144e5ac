"""Registration's events, mailed by the notification service through a real mail server."""

from dataclasses import dataclass
from email.message import EmailMessage

from tests.services.notification.conftest import MailClient
from tests.services.registration.site import RegistrationClient


@dataclass
class PostOffice:
    """Takes each of registration's events to notification, once."""

    site: RegistrationClient
    post: MailClient
    taken: int = 0

    async def mails(self, address: str) -> list[EmailMessage]:
        """Everything that was mailed to `address` so far."""
        events = await self.site.service.events()
        for event in events[self.taken :]:
            if type(event) in self.post.service.app.state.handlers:
                await self.post.deliver(event)
        self.taken = len(events)
        await self.post.send_all()
        return self.post.mails(address)
