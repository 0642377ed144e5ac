"""The tables of the review service and the queries on them."""

from services.review.store.after_grant import Card, CardMaterials, Certificate, Dispatch, FeePayment
from services.review.store.cases import Case, Row
from services.review.store.examination import DocumentRequest, Examination, Interview, Proposal, SamePersonFinding

__all__ = [
    "Card",
    "CardMaterials",
    "Case",
    "Certificate",
    "Dispatch",
    "DocumentRequest",
    "Examination",
    "FeePayment",
    "Interview",
    "Proposal",
    "Row",
    "SamePersonFinding",
]
