"""Invariants of review: four eyes, cards, fees."""

from shared.counting import same_ids
from shared.invariants import Invariant

INVARIANTS = (
    same_ids(
        "received-has-case",
        "application",
        "application.received",
        "SELECT application_id AS event_id FROM cases"
        " WHERE submitted_at >= hour AND submitted_at < hour + interval '1 hour'",
    ),
    Invariant(
        "decided-by-another",
        "SELECT case_id AS id FROM proposals WHERE id >= :since_id"
        " AND (decided_by = proposed_by OR decided_person = proposed_person)",
    ),
    # What the card needs is kept where it is decided, paid and received, and not by the state of the case.
    Invariant(
        "card-has-grant",
        "SELECT cards.case_id AS id FROM cards WHERE issued_at >= :since AND NOT EXISTS (SELECT FROM proposals"
        " WHERE proposals.case_id = cards.case_id AND outcome = 'grant' AND approved AND took_effect_at IS NOT NULL)",
    ),
    Invariant(
        "card-has-fee",
        "SELECT cards.case_id AS id FROM cards JOIN cases ON cases.id = cards.case_id"
        " WHERE issued_at >= :since AND coalesce(cases.fee_yen, 0) > 0"
        " AND NOT EXISTS (SELECT FROM fee_payments WHERE fee_payments.case_id = cards.case_id)",
    ),
    Invariant(
        "card-has-materials",
        "SELECT cards.case_id AS id FROM cards WHERE issued_at >= :since AND NOT EXISTS (SELECT FROM card_materials"
        " WHERE card_materials.case_id = cards.case_id AND received_at IS NOT NULL)",
    ),
    Invariant(
        "fees-agree",
        # What came in is the fee and the charge of the payment.
        "SELECT coalesce(paid.case_id, came.case_id) AS id FROM"
        " (SELECT case_id, amount_yen, receipt_id FROM fee_payments WHERE receipt_id >= :since_id) AS paid"
        " FULL JOIN (SELECT receipt.id, receipt.case_id, amount_yen - coalesce(charge_yen, 0) AS amount_yen"
        " FROM payment_receipts AS receipt LEFT JOIN payment_orders ON payment_orders.id = order_id"
        " WHERE receipt.id >= :since_id AND receipt.state = 'pays') AS came ON came.id = paid.receipt_id"
        " WHERE paid.case_id IS DISTINCT FROM came.case_id OR paid.amount_yen IS DISTINCT FROM came.amount_yen",
    ),
)
