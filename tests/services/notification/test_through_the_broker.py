"""The whole way of an event: broker, consumer, inbox, sender, mail server."""

from sqlalchemy import func, select

from services.notification.handlers import handlers
from services.notification.messages.store import Notification
from shared.events.registration import UsageRegistrationSubmitted
from shared.ids import new_id
from shared.messaging import Consumer, Envelope, MemoryBroker, MemoryProducer, MemorySource, encode
from tests.services.notification.conftest import MailClient
from tests.support.keys import event_keys
from tests.support.parts import running
from tests.support.waiting import eventually


async def test_event_sent_three_times_through_the_broker_is_one_mail(post: MailClient) -> None:
    runtime = post.service.app.state.runtime
    broker = MemoryBroker()
    subscriptions = handlers(runtime.commands, post.service.app.state.channels, post.sender.wake_after_commit)
    source = MemorySource.maker(broker, "notification", sorted({event.topic for event in subscriptions}))
    consumer = Consumer(runtime.db, source, "notification", subscriptions, keys=runtime.event_keys, clock=post.clock)
    async with running(consumer.run()), running(post.sender.run()):
        first, last = post.filer, f"last-{post.filer}"
        for address, times in ((first, 3), (last, 1)):
            event = UsageRegistrationSubmitted.example(recipient=post.recipient(address))
            envelope = Envelope.of(event, id=new_id(), source="/zairyu/registration", time=post.clock.now())
            await MemoryProducer(broker).send([event_keys("registration").sign(encode(event, envelope))] * times)
        await eventually(lambda: post.mails(first) and post.mails(last))
        assert len(post.mails(first)) == 1
        async with runtime.db.read() as session:
            assert await session.scalar(select(func.count()).select_from(Notification)) == 2
