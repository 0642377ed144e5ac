"""The notification service put together."""

from datetime import timedelta

from fastapi import FastAPI
from pydantic import SecretStr

from services.notification.address_book.api import router as choices
from services.notification.address_book.commands.rebuilding import PROJECTIONS
from services.notification.bounces.api import router as mail_reports
from services.notification.bounces.mailbox import mailbox_at
from services.notification.bounces.reader import ReportReader
from services.notification.broadcasts.api import banners
from services.notification.broadcasts.api import router as broadcasts
from services.notification.channels.mail.channel import MailChannel
from services.notification.channels.mail.links import contact_links, leaving_links
from services.notification.channels.mail.relay import RELAY_AWAY, MailRelay, Relays, SmtpRelay
from services.notification.channels.mail.relay.signing import Signer
from services.notification.channels.mail.rendering import Site
from services.notification.channels.mail.return_paths import ReturnPaths
from services.notification.channels.protocol import MAIL
from services.notification.delivery.sender import Sender
from services.notification.delivery.store import DUE_MAILS
from services.notification.following import FOLLOWING
from services.notification.handlers import handlers
from services.notification.inbox.api import leaving_router
from services.notification.inbox.api import router as inbox
from services.notification.invariants import INVARIANTS
from services.notification.jobs import jobs, timers
from services.notification.messages.api import router
from services.notification.messages.catalogue import OPENING_ACCESS, WRITERS
from services.notification.settings import Security, Settings
from services.notification.suppression.api import ROUTERS as SUPPRESSION
from services.notification.webhooks.api import ROUTERS as WEBHOOKS
from services.notification.webhooks.commands.inform import inform_of_event, stop_webhooks_of
from services.notification.webhooks.outgoing.client import WebhookClient
from services.notification.webhooks.sender import WebhookSender
from services.notification.webhooks.store.messages import WAITING
from shared.clock import Clock
from shared.errors import Text
from shared.events.base import Event
from shared.events.notification import NotificationEventsCounted
from shared.service import Runtime, assemble
from shared.work import Work


def create_app(settings: Settings | None = None, clock: Clock | None = None, relay: MailRelay | None = None) -> FastAPI:
    """The application; `relay` takes the place of the SMTP relay that the settings name."""
    settings = settings or Settings()
    runtime = Runtime("notification", settings, clock)
    site = _site(settings)
    relays = Relays({"first": relay} if relay else _smtp(settings, runtime.clock), runtime.clock)
    paths = ReturnPaths(runtime.sealer, settings.mail_bounce_address) if settings.mail_bounce_address else None
    leaving = leaving_links(runtime.sealer, settings.public_url)
    confirming = contact_links(runtime.sealer, settings.public_url)
    mail = MailChannel(
        relays,
        runtime.sealer,
        WRITERS,
        site=site,
        domain=settings.mail_domain,
        concurrency=settings.mail_concurrency,
        return_paths=paths,
        paces=settings.mail_paces,
        leaving=leaving,
        confirming=confirming,
    )
    channels = {MAIL: mail}
    sender = Sender(
        runtime.commands,
        channels,
        try_for=timedelta(hours=settings.mail_retry_hours),
        tried_anyway=OPENING_ACCESS,
    )
    reader = _reader(runtime, settings, paths)
    receivers = WebhookClient(
        each=settings.webhook_places_each, loopback=settings.webhook_loopback, ca_file=settings.webhook_ca_file
    )
    webhook_sender = WebhookSender(
        runtime.commands, receivers, places=settings.webhook_places, each=settings.webhook_places_each
    )

    async def inform_webhooks(work: Work, event: Event) -> None:
        if await inform_of_event(work, event, settings.public_url):
            webhook_sender.wake_after_commit(work)
        await stop_webhooks_of(work, event)

    app = assemble(
        runtime,
        title="Zairyu notifications",
        version="1",
        routers=[mail_reports, *SUPPRESSION, router, choices, inbox, leaving_router, broadcasts, banners, *WEBHOOKS],
        following=FOLLOWING,
        invariants=INVARIANTS,
        counted=NotificationEventsCounted,
        handlers=handlers(runtime.commands, channels, sender.wake_after_commit, inform_webhooks),
        projections=PROJECTIONS,
        jobs=jobs(settings),
        timers=timers(channels, sender.wake_after_commit),
        background={"sender": sender.run, "webhooks": webhook_sender.run} | ({"reports": reader.run} if reader else {}),
        on_stop=[receivers.close, relays.close],
        queues=[DUE_MAILS, WAITING],
        watches={RELAY_AWAY: relays.check},
    )
    relays.notices = app.state.readiness.notices
    app.state.relays = relays
    app.state.leaving = leaving
    app.state.confirming = confirming
    app.state.channels = channels
    app.state.sender = sender
    app.state.report_reader = reader
    app.state.wake_sender = sender.wake
    app.state.site = site
    app.state.webhook_sender = webhook_sender
    app.state.webhook_loopback = settings.webhook_loopback
    return app


def _reader(runtime: Runtime, settings: Settings, paths: ReturnPaths | None) -> ReportReader | None:
    if not settings.mail_reports or paths is None:
        return None
    password = settings.mail_reports_password.get_secret_value() if settings.mail_reports_password else None
    mailbox = mailbox_at(settings.mail_reports, password)
    return ReportReader(runtime.commands, mailbox, paths, seconds=settings.mail_reports_seconds)


def _site(settings: Settings) -> Site:
    hours = None
    if settings.mail_contact_hours or settings.mail_contact_hours_en:
        hours = Text(settings.mail_contact_hours or "", settings.mail_contact_hours_en or "")
    return Site(
        public_url=settings.public_url,
        service=Text(settings.mail_from_name, settings.mail_from_name_en),
        contact=Text(settings.mail_contact, settings.mail_contact_en),
        phone=settings.mail_contact_phone,
        hours=hours,
        contact_url=settings.mail_contact_url,
        card_office_address=settings.card_office_address,
    )


def _smtp(settings: Settings, clock: Clock) -> dict[str, MailRelay]:
    """The relays that the settings name, the preferred one first."""

    sign = None
    if keys := settings.dkim_keys:
        sign = Signer(settings.mail_dkim_domain or settings.mail_from.rpartition("@")[2], keys).sign

    def relay(host: str, port: int, security: Security, username: str | None, password: SecretStr | None) -> SmtpRelay:
        return SmtpRelay(
            host,
            port,
            sender=settings.mail_from,
            sender_name=settings.mail_from_name,
            security=security,
            username=username,
            password=password.get_secret_value() if password else None,
            timeout=settings.smtp_timeout,
            ca_file=settings.smtp_ca_file,
            sign=sign,
            clock=clock,
        )

    relays: dict[str, MailRelay] = {
        "first": relay(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_security,
            settings.smtp_username,
            settings.smtp_password,
        )
    }
    if settings.smtp_second_host:
        relays["second"] = relay(
            settings.smtp_second_host,
            settings.smtp_second_port,
            settings.smtp_second_security,
            settings.smtp_second_username,
            settings.smtp_second_password,
        )
    return relays
