"""Orders and payments of the provider, kept in a file, so that a restart forgets none."""

import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path


@dataclass(slots=True)
class Order:
    """An order to pay; `state` is open, paid, expired or cancelled."""

    order_id: str
    reference: str
    number: str
    label: str
    method: str
    amount_yen: int
    expires_at: str
    return_url: str
    state: str = "open"


@dataclass(slots=True)
class Line:
    """A line of the file of a day: money taken or given back."""

    kind: str
    transaction_id: str
    order_id: str
    amount_yen: int
    at: str


@dataclass(slots=True)
class Book:
    """Everything that the provider knows. `file` None: in memory alone."""

    now: Callable[[], datetime]
    file: Path | None = None
    orders: dict[str, Order] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    refunds: set[str] = field(default_factory=set)
    # Orders whose payer's account was closed: nothing can be given back.
    closed: set[str] = field(default_factory=set)

    def load(self) -> None:
        """Read what an earlier process kept."""
        if self.file is None or not self.file.exists():
            return
        kept = json.loads(self.file.read_text())
        self.orders = {order["reference"]: Order(**order) for order in kept["orders"]}
        self.lines = [Line(**line) for line in kept["lines"]]
        self.refunds = set(kept["refunds"])
        self.closed = set(kept.get("closed", ()))

    def save(self) -> None:
        """Keep everything."""
        if self.file is None:
            return
        kept = {
            "orders": [asdict(order) for order in self.orders.values()],
            "lines": [asdict(line) for line in self.lines],
            "refunds": sorted(self.refunds),
            "closed": sorted(self.closed),
        }
        fresh = self.file.with_suffix(".new")
        fresh.write_text(json.dumps(kept))
        fresh.replace(self.file)

    def place(self, wanted: dict[str, str | int]) -> Order:
        """The order of that id; a repeated one is the same."""
        for order in self.orders.values():
            if order.order_id == wanted["order_id"]:
                return order
        reference = f"ord_{secrets.token_hex(8)}"
        number = "".join(secrets.choice("0123456789") for _ in range(12))
        made = Order(
            order_id=str(wanted["order_id"]),
            reference=reference,
            number=" ".join(number[at : at + 4] for at in (0, 4, 8)),
            label=str(wanted["label"]),
            method=str(wanted["method"]),
            amount_yen=int(wanted["amount_yen"]),
            expires_at=str(wanted["expires_at"]),
            return_url=str(wanted["return_url"]),
        )
        self.orders[reference] = made
        self.save()
        return made

    def take(self, order: Order, off: int = 0) -> Line:
        """Take the money of an order once more, `off` yen more than was ordered."""
        amount = order.amount_yen + off
        line = Line("paid", f"txn_{secrets.token_hex(8)}", order.order_id, amount, self.now().isoformat())
        order.state = "paid"
        self.lines.append(line)
        self.save()
        return line

    def taken(self, order: Order) -> list[Line]:
        """The payments of an order, oldest first."""
        return [line for line in self.lines if (line.kind, line.order_id) == ("paid", order.order_id)]

    def end(self, order: Order, state: str) -> None:
        """End an order without money."""
        order.state = state
        self.save()

    def close_account(self, order: Order) -> None:
        """Refuse every refund of an order from now on."""
        self.closed.add(order.order_id)
        self.save()

    def is_closed(self, transaction_id: str) -> bool:
        """Whether the money of a transaction cannot be given back any more."""
        return any(line.transaction_id == transaction_id and line.order_id in self.closed for line in self.lines)

    def give_back(self, refund_id: str, transaction_id: str, amount_yen: int) -> bool:
        """Give back a payment, once for each id; False where there is no such payment."""
        paid = [line for line in self.lines if (line.kind, line.transaction_id) == ("paid", transaction_id)]
        if not paid or paid[0].amount_yen != amount_yen:
            return False
        if refund_id not in self.refunds:
            self.refunds.add(refund_id)
            self.lines.append(Line("refunded", transaction_id, paid[0].order_id, amount_yen, self.now().isoformat()))
            self.save()
        return True
