"""Fees in yen by procedure, channel, option, period of stay granted, and the day on which the application was received.

A fee is paid only when the permission is given. The amount follows the day of receipt (受理日), whatever the day of the
decision; since 2026-10-01 that of CHANGE and EXTEND also follows the period of stay that is granted.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.errors import Text
from shared.reference.codes import Channel, Procedure
from shared.reference.dated import Dated, NotInRules, Table, Withdrawn
from shared.reference.periods import Period

RAISED = date(2025, 4, 1)
BY_STAY = date(2026, 10, 1)
SINGLE, MULTIPLE = "single", "multiple"


class Stay(StrEnum):
    """Periods of stay as the fee table groups them, the shortest first; `ANY` where the period does not matter."""

    ANY = ""
    TO_M3 = "up to 3 months"
    TO_M6 = "over 3, up to 6 months"
    UNDER_Y1 = "over 6 months, under 1 year"
    Y1 = "1 year"
    UNDER_Y3 = "over 1, under 3 years"
    UNDER_Y5 = "3 years, under 5 years"
    FROM_Y5 = "5 years or more"


# The longest period of each group, and whether that period itself belongs to it. That a stay without end (INF, HSP2)
# belongs to the last group is not confirmed.
_LONGEST = (
    (Stay.TO_M3, "M3", True),
    (Stay.TO_M6, "M6", True),
    (Stay.UNDER_Y1, "Y1", False),
    (Stay.Y1, "Y1", True),
    (Stay.UNDER_Y3, "Y3", False),
    (Stay.UNDER_Y5, "Y5", False),
    (Stay.FROM_Y5, "INF", True),
)


# The groups of the fee table in words; the amounts without a group do not depend on the period.
STAY_WORDS = {
    Stay.TO_M3: Text("3か月以下", "3 months or less"),
    Stay.TO_M6: Text("3か月を超え6か月以下", "over 3, up to 6 months"),
    Stay.UNDER_Y1: Text("6か月を超え1年未満", "over 6 months, under 1 year"),
    Stay.Y1: Text("1年", "1 year"),
    Stay.UNDER_Y3: Text("1年を超え3年未満", "over 1, under 3 years"),
    Stay.UNDER_Y5: Text("3年以上5年未満", "3 years, under 5 years"),
    Stay.FROM_Y5: Text("5年以上", "5 years or more"),
}
OPTION_WORDS = {SINGLE: Text("1回限り", "one journey"), MULTIPLE: Text("数次", "several journeys")}


@dataclass(frozen=True, slots=True)
class Fee(Dated):
    """One amount. `option` is `single` or `multiple` for re-entry, else empty."""

    procedure: Procedure
    channel: Channel
    option: str
    stay: Stay
    yen: int


COE, CHANGE, EXTEND, ACQUIRE = Procedure.COE, Procedure.CHANGE, Procedure.EXTEND, Procedure.ACQUIRE
WORKCERT, REENTRY, EXTRA_ACT, PR = Procedure.WORKCERT, Procedure.REENTRY, Procedure.EXTRA_ACT, Procedure.PR
COUNTER, ONLINE = Channel.COUNTER, Channel.ONLINE
ANY = Stay.ANY
_OLD = "Fees until 2025-03-31"
_RAISED = "ISA guide, fees from 2025-04-01"
_TABLE = "Fee tables from 2026-10-01 that cite ISA 01_00644, 11_00107, 01_00650, 10_00273; read 2026-09-27, third party"
_FREE = "ISA guide: no fee"

FEES: Table[Fee] = Table(
    "fees",
    lambda row: (row.procedure, row.channel, row.option, row.stay),
    [
        Fee(CHANGE, COUNTER, "", ANY, 4_000, source=_OLD),
        Fee(CHANGE, ONLINE, "", ANY, 4_000, source=_OLD),
        Fee(EXTEND, COUNTER, "", ANY, 4_000, source=_OLD),
        Fee(EXTEND, ONLINE, "", ANY, 4_000, source=_OLD),
        Fee(PR, COUNTER, "", ANY, 8_000, source=_OLD),
        Fee(REENTRY, COUNTER, SINGLE, ANY, 3_000, source=_OLD),
        Fee(REENTRY, ONLINE, SINGLE, ANY, 3_000, source=_OLD),
        Fee(REENTRY, COUNTER, MULTIPLE, ANY, 6_000, source=_OLD),
        Fee(REENTRY, ONLINE, MULTIPLE, ANY, 6_000, source=_OLD),
        Fee(WORKCERT, COUNTER, "", ANY, 1_200, source=_OLD),
        Fee(WORKCERT, ONLINE, "", ANY, 1_200, source=_OLD),
        Fee(CHANGE, COUNTER, "", ANY, 6_000, valid_from=RAISED, source=_RAISED),
        Fee(CHANGE, ONLINE, "", ANY, 5_500, valid_from=RAISED, source=_RAISED),
        Fee(EXTEND, COUNTER, "", ANY, 6_000, valid_from=RAISED, source=_RAISED),
        Fee(EXTEND, ONLINE, "", ANY, 5_500, valid_from=RAISED, source=_RAISED),
        Fee(PR, COUNTER, "", ANY, 10_000, valid_from=RAISED, source=_RAISED),
        Fee(REENTRY, COUNTER, SINGLE, ANY, 4_000, valid_from=RAISED, source=_RAISED),
        Fee(REENTRY, ONLINE, SINGLE, ANY, 3_500, valid_from=RAISED, source=_RAISED),
        Fee(REENTRY, COUNTER, MULTIPLE, ANY, 7_000, valid_from=RAISED, source=_RAISED),
        Fee(REENTRY, ONLINE, MULTIPLE, ANY, 6_500, valid_from=RAISED, source=_RAISED),
        Fee(WORKCERT, COUNTER, "", ANY, 2_000, valid_from=RAISED, source=_RAISED),
        Fee(WORKCERT, ONLINE, "", ANY, 1_600, valid_from=RAISED, source=_RAISED),
        Withdrawn(key=(CHANGE, COUNTER, "", ANY), valid_from=BY_STAY, source=_TABLE),
        Withdrawn(key=(CHANGE, ONLINE, "", ANY), valid_from=BY_STAY, source=_TABLE),
        Withdrawn(key=(EXTEND, COUNTER, "", ANY), valid_from=BY_STAY, source=_TABLE),
        Withdrawn(key=(EXTEND, ONLINE, "", ANY), valid_from=BY_STAY, source=_TABLE),
        Fee(CHANGE, COUNTER, "", Stay.TO_M3, 10_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(CHANGE, COUNTER, "", Stay.TO_M6, 18_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(CHANGE, COUNTER, "", Stay.UNDER_Y1, 25_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(CHANGE, COUNTER, "", Stay.Y1, 33_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(CHANGE, COUNTER, "", Stay.UNDER_Y3, 48_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(CHANGE, COUNTER, "", Stay.UNDER_Y5, 64_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(CHANGE, COUNTER, "", Stay.FROM_Y5, 75_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(CHANGE, ONLINE, "", Stay.TO_M3, 10_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(CHANGE, ONLINE, "", Stay.TO_M6, 15_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(CHANGE, ONLINE, "", Stay.UNDER_Y1, 21_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(CHANGE, ONLINE, "", Stay.Y1, 27_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(CHANGE, ONLINE, "", Stay.UNDER_Y3, 42_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(CHANGE, ONLINE, "", Stay.UNDER_Y5, 56_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(CHANGE, ONLINE, "", Stay.FROM_Y5, 65_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(EXTEND, COUNTER, "", Stay.TO_M3, 10_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(EXTEND, COUNTER, "", Stay.TO_M6, 18_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(EXTEND, COUNTER, "", Stay.UNDER_Y1, 25_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(EXTEND, COUNTER, "", Stay.Y1, 33_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(EXTEND, COUNTER, "", Stay.UNDER_Y3, 48_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(EXTEND, COUNTER, "", Stay.UNDER_Y5, 64_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(EXTEND, COUNTER, "", Stay.FROM_Y5, 75_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(EXTEND, ONLINE, "", Stay.TO_M3, 10_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(EXTEND, ONLINE, "", Stay.TO_M6, 15_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(EXTEND, ONLINE, "", Stay.UNDER_Y1, 21_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(EXTEND, ONLINE, "", Stay.Y1, 27_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(EXTEND, ONLINE, "", Stay.UNDER_Y3, 42_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(EXTEND, ONLINE, "", Stay.UNDER_Y5, 56_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(EXTEND, ONLINE, "", Stay.FROM_Y5, 65_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(PR, COUNTER, "", ANY, 200_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(REENTRY, COUNTER, SINGLE, ANY, 4_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(REENTRY, ONLINE, SINGLE, ANY, 3_500, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(REENTRY, COUNTER, MULTIPLE, ANY, 7_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(REENTRY, ONLINE, MULTIPLE, ANY, 6_500, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(WORKCERT, COUNTER, "", ANY, 2_000, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(WORKCERT, ONLINE, "", ANY, 1_600, valid_from=BY_STAY, source=_TABLE, verify=True),
        Fee(COE, COUNTER, "", ANY, 0, source=_FREE),
        Fee(COE, ONLINE, "", ANY, 0, source=_FREE),
        Fee(ACQUIRE, COUNTER, "", ANY, 0, source=_FREE),
        Fee(ACQUIRE, ONLINE, "", ANY, 0, source=_FREE),
        Fee(EXTRA_ACT, COUNTER, "", ANY, 0, source=_FREE),
        Fee(EXTRA_ACT, ONLINE, "", ANY, 0, source=_FREE),
    ],
)


@dataclass(frozen=True, slots=True)
class PaymentCharge(Dated):
    """A charge for paying a fee of an online application (convenience store, bank), beside the fee itself."""

    procedure: Procedure
    stay: Stay
    yen: int


PAYMENT_CHARGES: Table[PaymentCharge] = Table(
    "payment_charges",
    lambda row: (row.procedure, row.stay),
    [
        *(
            PaymentCharge(procedure, stay, yen, valid_from=BY_STAY, source=_TABLE, verify=True)
            for procedure in (CHANGE, EXTEND)
            for stay, yen in (
                (Stay.TO_M3, 330),
                (Stay.TO_M6, 330),
                (Stay.UNDER_Y1, 330),
                (Stay.Y1, 330),
                (Stay.UNDER_Y3, 330),
                (Stay.UNDER_Y5, 550),
                (Stay.FROM_Y5, 550),
            )
        ),
        *(
            PaymentCharge(procedure, ANY, 220, valid_from=BY_STAY, source=_TABLE, verify=True)
            for procedure in (REENTRY, WORKCERT)
        ),
    ],
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeReduction(Dated):
    """A lower fee that the law allows, with the proof that it takes, at the counter only."""

    procedure: Procedure
    code: str
    name: Text
    proof: Text
    yen: int


_HARDSHIP = Text("生活が困窮している場合の減額", "Reduction for hardship")
_HARDSHIP_PROOF = Text("生活保護の受給等を証する資料", "Proof of public assistance or the like")
FEE_REDUCTIONS = Table(
    "fee_reductions",
    lambda row: (row.procedure, row.code),
    [
        FeeReduction(
            procedure=procedure,
            code="hardship",
            name=_HARDSHIP,
            proof=_HARDSHIP_PROOF,
            yen=yen,
            valid_from=BY_STAY,
            source=f"{_TABLE}; taken as the fee that is left",
            verify=True,
        )
        for procedure, yen in ((CHANGE, 10_000), (EXTEND, 10_000), (PR, 20_000))
    ],
)


def payment_charge(procedure: str, paid_on: date, stay: str | None = None) -> int:
    """The charge in yen for paying the fee of an online application; 0 where there is none."""
    groups = (ANY,) if stay is None else (stay_group(stay), ANY)
    row = PAYMENT_CHARGES.find(paid_on, *((procedure, group) for group in groups))
    return row.yen if row is not None else 0


def stay_group(period: str) -> Stay:
    """The group of the fee table to which a period of stay (`Y3`, `M6`, `INF`) belongs; ValueError for another text."""
    granted = Period.parse(period)
    for group, code, included in _LONGEST:
        longest = Period.parse(code)
        if granted.fits_in(longest) and (included or not longest.fits_in(granted)):
            return group
    raise ValueError(f"no group of the fee table has {period}")


def fee(procedure: str, channel: str, received_on: date, *, option: str = "", stay: str | None = None) -> int:
    """The fee in yen for an application received on that day; 0 where it is free.

    For REENTRY `option` is `single` (also when empty) or `multiple`. `stay` is the period of stay granted, as a code;
    None where none is granted. Raises `NotInRules` where the procedure is not offered through the channel, or where the
    amount depends on the period and none is given.
    """
    chosen = option or (SINGLE if procedure == Procedure.REENTRY else "")
    groups = (ANY,) if stay is None else (stay_group(stay), ANY)
    row = FEES.find(received_on, *((procedure, channel, chosen, group) for group in groups))
    if row is None:
        named = f"{procedure} ({option or 'no option'}, {stay or 'no period of stay'})"
        raise NotInRules(f"no fee is known for {named} through {channel} on {received_on}")
    return row.yen


def amounts(procedure: str, channel: str, received_on: date) -> tuple[Fee, ...]:
    """Everything that the procedure may cost, by option and period of stay, before the decision; empty where it is not
    offered through the channel."""
    rows = FEES.on(received_on)
    return tuple(row for row in rows if (row.procedure, row.channel) == (procedure, channel))
