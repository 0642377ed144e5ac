"""Subscriptions of the review service: events of others, and the command that each one runs."""

from services.review.cards.commands import announce_materials
from services.review.cases.commands import intake
from services.review.cases.commands.rebuilding import CASES
from services.review.certificates.commands import note_receipt
from services.review.contacts.commands import note_undelivered
from services.review.examination.commands import more_time
from services.review.examination.commands.documents import take_documents
from shared.counting import keep_counts
from shared.events.application import (
    AdditionalDocumentsSubmitted,
    ApplicantMoved,
    ApplicationCorrected,
    ApplicationEventsCounted,
    ApplicationHandedOver,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CardMaterialsSent,
    CertificateReceived,
    CorrectionRequested,
    MoreTimeRequested,
)
from shared.events.base import Event
from shared.events.notification import NotificationEventsCounted, NotificationFailed
from shared.messaging import BatchHandler, Handler
from shared.rebuilding import following
from shared.work import Commands


def handlers(commands: Commands) -> dict[type[Event], Handler | BatchHandler]:
    """Event to handler. Those of the application service come on one topic keyed by application, so they arrive in
    order."""
    own: dict[type[Event], Handler | BatchHandler] = {
        ApplicationSubmitted: commands.handler(intake.open_case),
        ApplicationCorrected: commands.handler(intake.correct),
        CorrectionRequested: commands.handler(intake.take_correction_request),
        ApplicantMoved: commands.handler(intake.note_address),
        ApplicationHandedOver: commands.handler(intake.note_filer),
        ApplicationWithdrawn: commands.handler(intake.withdraw),
        AdditionalDocumentsSubmitted: commands.handler(take_documents),
        MoreTimeRequested: commands.handler(more_time.take_request),
        CardMaterialsSent: commands.handler(announce_materials),
        CertificateReceived: commands.handler(note_receipt),
        ApplicationEventsCounted: commands.handler(keep_counts),
        NotificationFailed: commands.handler(note_undelivered),
        NotificationEventsCounted: commands.handler(keep_counts),
    }
    return following(commands, own, CASES)
