"""One line of the table that `make bench` prints."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One measurement: its subject, the number with its unit, and the target. `at_most`: smaller is better."""

    what: str
    number: float
    unit: str
    target: float | None = None
    at_most: bool = False
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """The number in relation to the target: 1.0 or more meets it."""
        if not self.target or not self.number:
            return None
        return self.target / self.number if self.at_most else self.number / self.target

    def cells(self) -> tuple[str, str, str, str, str]:
        """The text of each column."""
        sign = "≤" if self.at_most else "≥"
        target = f"{sign} {_short(self.target)}" if self.target else "–"
        ratio = f"{self.ratio:.2f}" if self.ratio is not None else "–"
        verdict = "" if self.ratio is None else ("holds" if self.ratio >= 1 else "falls short")
        return (
            self.what,
            f"{_short(self.number)} {self.unit}",
            target,
            ratio,
            " ".join(filter(None, (verdict, self.note))),
        )


def _short(number: float) -> str:
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 10 else f"{number:.2f}"
