"""The next steps of a case, each on a page of its own: a form, and back to the case with a notice."""

from services.gateway.pages.desk.steps import allocation, card_office, deciding, examining
from services.gateway.pages.desk.steps.page import CASES, router_of

router = router_of((*examining.STEPS, *deciding.STEPS, *allocation.STEPS, *card_office.STEPS), CASES)
