"""Opening the messages of the inbox, and marking them as read."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.notification.channels.mail.rendering import Site, body_for_inbox, subject_for_inbox
from services.notification.inbox import store
from services.notification.inbox.schemas import InboxItem, InboxMessage, MarkedRead, Words
from services.notification.messages.catalogue import content_of
from services.notification.messages.domain import Party
from shared.auth import Actor
from shared.errors import NotFound
from shared.sealing import Sealer
from shared.work import Work

# The template of a message, and the values that it shows.
Content = tuple[str, dict[str, Any]]
_LANGUAGES = ("ja", "en")


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens messages for `actor`, with links to pages of `site`."""

    actor: Actor
    sealer: Sealer
    site: Site

    def item(self, found: store.Found) -> InboxItem:
        """A message of the list."""
        return self._item(found, self._content(found))

    def _item(self, found: store.Found, content: Content | None) -> InboxItem:
        notification, _, read_at, case_id = found
        return InboxItem(
            id=notification.id,
            template=notification.template,
            subject=content and Words(**{lang: subject_for_inbox(*content, lang, self.site) for lang in _LANGUAGES}),
            own=notification.account_id == self.actor.account_id,
            application_id=notification.application_id,
            case_id=case_id if notification.party == Party.OFFICER else None,
            number=notification.number,
            created_at=notification.created_at,
            read_at=read_at,
        )

    def message(self, found: store.Found) -> InboxMessage:
        """A message with its content. A link that proves the address to which it was mailed is shown by the mail
        alone: else anybody at a session left open could set a password."""
        notification = found[0]
        withheld = "link" in content_of(notification.template).model_fields
        content = self._content(found)
        bodies = {lang: body_for_inbox(*content, lang, self.site) for lang in _LANGUAGES if content and not withheld}
        return InboxMessage(
            **dict(self._item(found, content)),
            text=Words(**{lang: text for lang, (text, _) in bodies.items()}) if bodies else None,
            html=Words(**{lang: html for lang, (_, html) in bodies.items()}) if bodies else None,
            withheld=withheld,
            mailed=notification.state,
        )

    def _content(self, found: store.Found) -> Content | None:
        notification, delivery, *_ = found
        if delivery is None:
            return None
        content = content_of(notification.template).model_validate_json(self.sealer.open(delivery.sealed_content))
        return notification.template, dict(content)


async def mark_read(work: Work, notification_id: UUID) -> MarkedRead:
    """Record that the caller has read a message. Raises `NotFound`."""
    if await store.find(work.session, work.actor, notification_id) is None:
        raise NotFound()
    await store.mark_read(work.session, work.actor, notification_id, work.now)
    return MarkedRead(count=1)


async def mark_all_read(work: Work, until: UUID) -> MarkedRead:
    """Record that the caller has read all own messages up to one of them."""
    return MarkedRead(count=await store.mark_all_read(work.session, work.actor, until, work.now))
