"""Handlers of other services' events, each with its command."""

from collections.abc import Awaitable, Callable

from services.application.certificates.commands import designation, issuing
from services.application.changes.commands import more_time
from services.application.changes.commands.corrections import on_agreed, on_declined
from services.application.filing.domain.person_keys import PersonKeys
from services.application.finding.commands import filters
from services.application.known.commands.rebuilding import PROJECTIONS
from services.application.known.commands.reported import (
    on_account_activated,
    on_account_closed,
    on_account_suspended,
    on_category_changed,
    on_document_accepted,
    on_document_deleted,
    on_document_rejected,
    on_membership_ended,
    on_registration_expired,
)
from services.application.progress.commands.review_events import FOLLOWING, follow
from shared.counting import keep_counts
from shared.events.base import Event
from shared.events.document import (
    DocumentAccepted,
    DocumentDeleted,
    DocumentEventsCounted,
    DocumentRejected,
    PhotoReleased,
)
from shared.events.registration import (
    AccountActivated,
    AccountClosed,
    AccountSuspended,
    MembershipEnded,
    OrganisationCategoryChanged,
    RegistrationEventsCounted,
    RegistrationExpired,
)
from shared.events.review import (
    CardIssued,
    CertificateIssued,
    CertificateRevoked,
    CorrectionAgreed,
    CorrectionDeclined,
    MoreTimeAgreed,
    MoreTimeDeclined,
    ReviewEventsCounted,
)
from shared.messaging import BatchHandler, Handler
from shared.rebuilding import following
from shared.work import Commands, Work

_NONE = PersonKeys(b"")


def handlers(commands: Commands, keys: PersonKeys = _NONE, site: str = "") -> dict[type[Event], Handler | BatchHandler]:
    """The handler of each event; links lead to `site`. Without keys, the subscriptions can be listed only."""
    of = commands.handler
    own: dict[type[Event], Handler | BatchHandler] = {
        AccountActivated: of(on_account_activated),
        AccountSuspended: of(on_account_suspended),
        AccountClosed: of(_account_closed),
        MembershipEnded: of(on_membership_ended),
        RegistrationExpired: of(on_registration_expired),
        OrganisationCategoryChanged: of(on_category_changed),
        DocumentAccepted: of(on_document_accepted),
        DocumentRejected: of(on_document_rejected),
        DocumentDeleted: of(on_document_deleted),
        **{event: of(follow) for event in FOLLOWING},
        CorrectionAgreed: of(_with_keys(keys)),
        CorrectionDeclined: of(on_declined),
        CardIssued: of(_card_issued),
        CertificateIssued: of(_certificate_issued(site)),
        CertificateRevoked: of(_certificate_revoked),
        PhotoReleased: of(_photo_released(site)),
        MoreTimeAgreed: of(more_time.on_agreed),
        MoreTimeDeclined: of(more_time.on_declined),
        RegistrationEventsCounted: of(keep_counts),
        DocumentEventsCounted: of(keep_counts),
        ReviewEventsCounted: of(keep_counts),
    }
    return following(commands, own, *PROJECTIONS)


async def _account_closed(work: Work, event: AccountClosed) -> None:
    await on_account_closed(work, event)
    await filters.on_account_closed(work, event)


async def _card_issued(work: Work, event: CardIssued) -> None:
    await follow(work, event)
    await designation.on_card(work, event)


def _certificate_issued(site: str) -> Callable[[Work, CertificateIssued], Awaitable[None]]:
    async def issued(work: Work, event: CertificateIssued) -> None:
        await follow(work, event)
        await issuing.on_issued(work, event, site)

    return issued


def _photo_released(site: str) -> Callable[[Work, PhotoReleased], Awaitable[None]]:
    async def released(work: Work, event: PhotoReleased) -> None:
        await issuing.on_photo(work, event, site)

    return released


async def _certificate_revoked(work: Work, event: CertificateRevoked) -> None:
    await follow(work, event)
    await issuing.on_revoked(work, event)


def _with_keys(keys: PersonKeys) -> Callable[[Work, CorrectionAgreed], Awaitable[None]]:
    async def agreed(work: Work, event: CorrectionAgreed) -> None:
        await on_agreed(work, event, keys)

    return agreed
