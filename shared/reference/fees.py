"""Fees in yen by procedure, channel, option and the day on which the application was received.

A fee is paid only when the permission is given. The amount follows the day of receipt, whatever the day of decision.
"""

from dataclasses import dataclass
from datetime import date

from shared.reference.codes import Channel, Procedure
from shared.reference.dated import Dated, NotInRules, Table

RAISED = date(2025, 4, 1)
AMENDED_ACT = date(2027, 4, 1)
SINGLE, MULTIPLE = "single", "multiple"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee(Dated):
    """One amount. `option` is `single` or `multiple` for re-entry, else empty."""

    procedure: Procedure
    channel: Channel
    option: str = ""
    yen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeCeiling(Dated):
    """The most that the Act allows; amounts below it are set by Cabinet Order."""

    procedure: Procedure
    yen: int


def _rows(procedure: Procedure, before: int, counter: int, online: int | None, option: str = "") -> list[Fee]:
    """The amounts before and after the rise; the last are carried on, to be verified, until new ones are known."""
    rows = []
    for channel, after in ((Channel.COUNTER, counter), (Channel.ONLINE, online)):
        if after is None:
            continue
        spans = (
            (None, before, "Fees until 2025-03-31", False),
            (RAISED, after, "ISA guide, fees from 2025-04-01", False),
            (AMENDED_ACT, after, "Amended Act of 2026-05-29; Cabinet Order not yet known", True),
        )
        rows += [
            Fee(
                procedure=procedure,
                channel=channel,
                option=option,
                yen=yen,
                valid_from=first,
                source=source,
                verify=verify,
            )
            for first, yen, source, verify in spans
        ]
    return rows


def _free(procedure: Procedure) -> list[Fee]:
    return [Fee(procedure=procedure, channel=channel, yen=0, source="ISA guide: no fee") for channel in Channel]


FEES = Table(
    "fees",
    lambda row: (row.procedure, row.channel, row.option),
    [
        *_rows(Procedure.CHANGE, 4000, 6000, 5500),
        *_rows(Procedure.EXTEND, 4000, 6000, 5500),
        *_rows(Procedure.PR, 8000, 10000, None),
        *_rows(Procedure.REENTRY, 3000, 4000, 3500, SINGLE),
        *_rows(Procedure.REENTRY, 6000, 7000, 6500, MULTIPLE),
        *_rows(Procedure.WORKCERT, 1200, 2000, 1600),
        *_free(Procedure.COE),
        *_free(Procedure.ACQUIRE),
        *_free(Procedure.EXTRA_ACT),
    ],
)
FEE_CEILINGS = Table(
    "fee_ceilings",
    lambda row: row.procedure,
    [
        FeeCeiling(
            procedure=procedure,
            yen=yen,
            valid_from=AMENDED_ACT,
            source="Amended Act of 2026-05-29, in force by 2027-03-31; set by length of stay, reductions for hardship",
            verify=True,
        )
        for procedure, yen in ((Procedure.CHANGE, 100_000), (Procedure.EXTEND, 100_000), (Procedure.PR, 300_000))
    ],
)


def fee(procedure: str, channel: str, received_on: date, option: str = "") -> int:
    """The fee in yen for an application received on that day; 0 where it is free.

    For REENTRY `option` is `single` (also when empty) or `multiple`. Raises `NotInRules` where the procedure is not
    offered through the channel.
    """
    return fee_row(procedure, channel, received_on, option).yen


def fee_row(procedure: str, channel: str, received_on: date, option: str = "") -> Fee:
    """Like `fee`, with the source and the `verify` flag."""
    row = FEES.find(received_on, (procedure, channel, option or (SINGLE if procedure == Procedure.REENTRY else "")))
    if row is None:
        raise NotInRules(
            f"no fee is known for {procedure} ({option or 'no option'}) through {channel} on {received_on}"
        )
    return row
