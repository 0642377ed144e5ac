"""Payment of the fee by slip, as the card office records it."""

from dataclasses import replace
from datetime import date

from services.review.cases.domain.flow import Officer, Progress, require, state_after_payment
from services.review.cases.domain.refusal import Change, NotNow, Wrong
from services.review.cases.domain.states import Step
from shared.errors import Text


def pay_fee(case: Progress, by: Officer, amount_yen: int, paid: Change | None = None) -> Progress:
    """The fee came in, exactly what the decision named. `paid` is when and by whom it is recorded already."""
    require(case, Step.PAY_FEE, by)
    if case.fee_paid:
        raise NotNow("fee-paid-already", Text("手数料は納付済みです", "The fee is paid already"), change=paid)
    if amount_yen != case.fee_yen:
        raise Wrong(
            "wrong-amount",
            Text(
                "手数料は {fee_yen} 円です（入力: {amount_yen} 円）", "The fee is {fee_yen} yen, not {amount_yen} yen"
            ).with_values(fee_yen=case.fee_yen, amount_yen=amount_yen),
            "/amount_yen",
        )
    return fee_came_in(case)


def fee_came_in(case: Progress) -> Progress:
    """The case once its fee is paid, by whichever way."""
    paid = replace(case, fee_paid=True)
    return replace(paid, state=state_after_payment(paid))


def check_day(paid_on: date, today: date) -> None:
    """Raise `Wrong` where the day of payment lies in the future."""
    if paid_on > today:
        raise Wrong(
            "paid-in-future", Text("納付日が未来の日付です", "The day of payment lies in the future"), "/paid_on"
        )
