"""All tables of this service, for Alembic and the journal."""

from services.review.allocation.store.assignment import Flag, Transfer
from services.review.allocation.store.clock import Notice
from services.review.allocation.store.examiners import Absence, Examiner
from services.review.card_desk.store.batches import BatchedCase, CardBatch
from services.review.cards.store import Card, CardMaterials, CardReturn, Dispatch
from services.review.cases.store import (
    Case,
    CaseState,
    Correction,
    CounterBooking,
    DocumentRequest,
    Interview,
    MoreTimeRequest,
    Proposal,
    Row,
)
from services.review.certificates.store import Certificate
from services.review.contacts.store import UndeliveredMessage
from services.review.decision.store import SamePersonFinding
from services.review.examination.store import Examination
from services.review.figures.store import FigureCount, FigureDuration, FigureMonth, FigureQueue, FigureStep
from services.review.payment.store.online import PaymentNotice, PaymentOrder, PaymentReceipt, Refund
from services.review.payment.store.reconciliation import PaymentDifference, PaymentFile
from services.review.payment.store.slip import FeePayment

__all__ = [
    "Absence",
    "BatchedCase",
    "Card",
    "CardBatch",
    "CardMaterials",
    "CardReturn",
    "Case",
    "CaseState",
    "Certificate",
    "Correction",
    "CounterBooking",
    "Dispatch",
    "DocumentRequest",
    "Examination",
    "Examiner",
    "FeePayment",
    "FigureCount",
    "FigureDuration",
    "FigureMonth",
    "FigureQueue",
    "FigureStep",
    "Flag",
    "Interview",
    "MoreTimeRequest",
    "Notice",
    "PaymentDifference",
    "PaymentFile",
    "PaymentNotice",
    "PaymentOrder",
    "PaymentReceipt",
    "Proposal",
    "Refund",
    "Row",
    "SamePersonFinding",
    "Transfer",
    "UndeliveredMessage",
]
