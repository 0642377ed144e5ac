"""What this service does on the application service's events."""

from services.review.commands import filing
from shared.events.application import (
    AdditionalDocumentsSubmitted,
    ApplicationCorrected,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CardMaterialsSent,
)
from shared.events.base import Event
from shared.messaging import Handler
from shared.work import Commands


def handlers(commands: Commands) -> dict[type[Event], Handler]:
    """Event to handler. All of them come on one topic keyed by application, so they arrive in order."""
    return {
        ApplicationSubmitted: commands.handler(filing.open_case),
        ApplicationCorrected: commands.handler(filing.correct),
        ApplicationWithdrawn: commands.handler(filing.withdraw),
        AdditionalDocumentsSubmitted: commands.handler(filing.take_documents),
        CardMaterialsSent: commands.handler(filing.announce_materials),
    }
