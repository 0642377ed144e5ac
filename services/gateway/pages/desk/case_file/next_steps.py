"""The next steps of a case: the pages on which the reader takes them."""

from collections.abc import Iterator, Mapping

from services.gateway.pages.desk.case_file.case import ShownCase

# The page of each step of the review service, below the case's own; both words of a decision have one.
PAGE_OF: Mapping[str, str] = {
    "start": "start",
    "take": "take",
    "approve": "decision",
    "send_back": "decision",
    "recall": "recall",
    "examine": "findings",
    "request_documents": "document-request",
    "answer_more_time": "more-time",
    "answer_correction": "correction",
    "request_interview": "interview",
    "move_interview": "interview-move",
    "cancel_interview": "interview-cancel",
    "resolve_same_person": "same-person",
    "propose": "proposal",
    "pay_fee": "fee",
    "take_materials": "materials",
    "issue_certificate": "certificate",
    "revoke_certificate": "revocation",
    "issue_card": "card",
    "mail": "mailing",
    "require_visit": "counter-visit",
    "return_card": "card-return",
    "deliver": "delivery",
    "assign": "assignment",
    "reassign": "reassignment",
    "hand_over": "hand-over",
    "give_back": "return",
    "take_back": "take-back",
    "transfer": "transfer",
    "flag": "flag",
    "unflag": "unflag",
    "terminate": "termination",
}
# Fee and old card in one, handed over at the counter.
COUNTER = "counter"


def next_steps(case: ShownCase) -> list[str]:
    """The pages of the steps that the reader can take now, in the order in which they mostly are."""
    return list(dict.fromkeys(_possible(case)))


def _possible(case: ShownCase) -> Iterator[str]:
    # What there is nothing to do about, although the state of the case allows the step.
    idle = {
        "answer_more_time": case.waiting_more_time is None,
        "answer_correction": case.waiting_correction is None,
        "resolve_same_person": not case.unresolved,
        "pay_fee": case.view["fee_paid"],
        "take_materials": case.view["materials_received"],
        "unflag": not case.view["flags"],
    }
    for step, page in PAGE_OF.items():
        if step in case.view["steps"] and not idle.get(step):
            yield page
            if step in ("pay_fee", "take_materials"):
                yield COUNTER
