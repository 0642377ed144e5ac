"""Steps after a grant: how the fee is paid, what is sent for the new card, and where it is sent."""

from dataclasses import dataclass
from datetime import date

from shared.errors import Text
from shared.reference.codes import Procedure
from shared.reference.dated import Dated, Table, Withdrawn
from shared.reference.fees import BY_STAY, payment_charge


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentWay(Dated):
    """A way to pay the fee; `charge_yen` is what it costs beside the fee where the
    procedure has no line of its own in `fees.PAYMENT_CHARGES`."""

    code: str
    name: Text
    how: Text
    charge_yen: int


_ONLINE = "Fee tables from 2026-10-01 that cite ISA pages, read 2026-09-27, third party"
PAYMENT_WAYS: Table[PaymentWay] = Table(
    "payment_ways",
    lambda row: row.code,
    [
        PaymentWay(
            code="revenue_stamp",
            name=Text("収入印紙（手数料納付書に貼付）", "Revenue stamps on the payment form"),
            how=Text(
                "郵便局等で収入印紙を購入し、手数料納付書に貼ってください。消印はしないでください。",
                "Buy revenue stamps (収入印紙) at a post office and stick them on the form. Do not cancel them.",
            ),
            charge_yen=0,
            source="Practice until 2026-09-30: payment form with revenue stamps",
        ),
        Withdrawn(key="revenue_stamp", valid_from=BY_STAY, source=f"{_ONLINE}: no revenue stamps any more"),
        *(
            PaymentWay(
                code=code,
                name=name,
                how=Text(
                    "通知に記載された番号で納付してください。許可された在留期間が３年以上の場合、費用は550円です。",
                    "Pay with the number in the notice. Where three years or more were granted, the charge is 550 yen.",
                ),
                charge_yen=330,
                valid_from=BY_STAY,
                source=_ONLINE,
                verify=True,
            )
            for code, name in (
                ("convenience_store", Text("コンビニエンスストアでの納付", "Payment at a convenience store")),
                ("bank", Text("銀行振込・口座振替等", "Bank transfer or payment")),
            )
        ),
    ],
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentItem(Dated):
    """One thing to send to the card office. `statuses` are those for which it is asked; empty for all.

    `for_fee`: only where a fee is due. `for_card`: only from a person who has a card, which a newborn child has not.
    """

    code: str
    name: Text
    note: Text
    statuses: frozenset[str] = frozenset()
    for_fee: bool = False
    for_card: bool = False


_IJH = "Account of an online extension, 2025-10"
WITH_DESIGNATION = frozenset({"HSP1_A", "HSP1_B", "HSP1_C", "HSP2", "SSW1", "SSW2", "DESIGNATED"})
SENT_ITEMS: Table[SentItem] = Table(
    "sent_items",
    lambda row: row.code,
    [
        SentItem(
            code="RESIDENCE_CARD",
            name=Text("現在の在留カード（原本）", "The present residence card (original)"),
            note=Text(
                "発送前にカラーコピーを取り、コピーの裏面に発送日と受付番号を記入して保管してください。"
                "カードが戻るまで、みなし再入国許可による出国はできません。",
                "Make a colour copy first, and write the day of sending and the receipt number on its back. You cannot "
                "leave Japan with special re-entry until the card is back.",
            ),
            for_card=True,
            source=_IJH,
        ),
        SentItem(
            code="PAYMENT_FORM",
            name=Text("手数料納付書", "Payment form (手数料納付書)"),
            note=Text(
                "収入印紙を貼り、受付番号、日付、金額、氏名を記入してください。署名は不要です。",
                "Stick the revenue stamps on it and write the receipt number, date, amount and name. No signature.",
            ),
            for_fee=True,
            source="Practice until 2026-09-30: payment form with revenue stamps",
        ),
        Withdrawn(key="PAYMENT_FORM", valid_from=BY_STAY, source=f"{_ONLINE}: no revenue stamps any more"),
        SentItem(
            code="RETURN_ENV",
            name=Text(
                "返信用封筒（レターパックプラス又は書留）", "Return envelope (Letter Pack Plus or registered post)"
            ),
            note=Text(
                "宛先を記入し、裏面に受付番号を記入してください。",
                "Write your address on it, and the receipt number on the back.",
            ),
            source=_IJH,
        ),
        SentItem(
            code="DESIGNATION",
            name=Text("指定書", "Designation paper (指定書)"),
            note=Text("現在の指定書を同封してください。", "Enclose the present one."),
            statuses=WITH_DESIGNATION,
            source=_IJH,
        ),
    ],
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDesk(Dated):
    """The desk that takes old cards and makes new ones for applications filed online, in the whole country."""

    code: str
    name: Text
    postal_code: str
    address: str


CARD_DESKS = Table(
    "card_desks",
    lambda row: row.code,
    [
        CardDesk(
            code="ONLINE",
            name=Text(
                "東京出入国在留管理局 オンライン審査部門 オンライン申請手続班（おだいば分室内）",
                "Tokyo Regional Immigration Services Bureau, online examination department (Odaiba)",
            ),
            postal_code="135-0064",
            address="東京都江東区青海2-7-11 東京港湾合同庁舎9階",
            source="Accounts of online extensions: one office for cards nationwide; compare with the notice",
            verify=True,
        )
    ],
)
# Nothing of these is handed over as a card: a permission of another activity that is asked for alone is a paper since
# 2024-01 (資格外活動許可書).
_CERTIFICATES = frozenset({Procedure.COE, Procedure.WORKCERT, Procedure.EXTRA_ACT})
_OLD_CARD = frozenset({Procedure.CHANGE, Procedure.EXTEND})


def items_to_send(procedure: str, status: str, fee_yen: int, day: date) -> tuple[SentItem, ...]:
    """The things to send for the new card, for a status granted at that fee."""
    return tuple(
        row
        for row in SENT_ITEMS.on(day)
        if (not row.statuses or status in row.statuses)
        and (fee_yen > 0 or not row.for_fee)
        and (old_card_needed(procedure) or not row.for_card)
    )


def payment_ways(day: date) -> tuple[PaymentWay, ...]:
    """The ways to pay a fee."""
    return PAYMENT_WAYS.on(day)


def way_charge(way: PaymentWay, procedure: str, on: date, period: str | None) -> int:
    """The charge in yen for paying a fee in that way, for the period of stay granted; 0 where the way has none."""
    return (payment_charge(procedure, on, period) or way.charge_yen) if way.charge_yen else 0


def leads_to_card(procedure: str) -> bool:
    """Whether a grant of the procedure is handed over as a residence card; else it is a certificate."""
    return procedure not in _CERTIFICATES


def old_card_needed(procedure: str) -> bool:
    """Whether the applicant holds a residence card that has to come back; one who acquires a status has none yet."""
    return procedure in _OLD_CARD


def card_desk(day: date) -> CardDesk:
    """The desk to which they are sent."""
    return CARD_DESKS.get(day, "ONLINE")
