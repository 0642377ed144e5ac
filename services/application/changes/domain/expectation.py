"""The duration of a decision: the standard period, the published average, and this system's own median."""

from dataclasses import dataclass
from datetime import date, timedelta

from shared.reference.processing_times import AVERAGE_TIMES, STANDARD_TIMES, AverageTime, StandardTime

# Fewer decisions than these say nothing about the next one, and something about single people.
FEWEST_DECISIONS = 20
MEASURED_OVER = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Published:
    """The published times of a procedure and status on a day; None where nothing is."""

    standard: StandardTime | None
    average: AverageTime | None


def published_times(procedure: str, status: str, day: date) -> Published:
    """The standard period of the procedure, and the average of procedure and status."""
    return Published(STANDARD_TIMES.find(day, procedure), AVERAGE_TIMES.find(day, (procedure, status)))
