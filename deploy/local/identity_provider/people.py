"""The people known to the provider. All of them are invented."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """One person, as a My Number card would describe them."""

    subject: str
    name: str
    birth_date: str


FOREIGNER = KnownPerson("0b7e4c52-an", "NGUYEN VAN AN", "1995-04-12")
SCRIVENER = KnownPerson("31d0f7aa-ichiro", "書士 一郎", "1979-09-03")
PARENT = KnownPerson("5ac91e04-binh", "TRAN THI BINH", "1990-02-28")
RELATIVE = KnownPerson("77f2b6d8-minh", "NGUYEN MINH", "1988-11-17")
CHILD = KnownPerson("9d3a5c10-linh", "NGUYEN LINH", "2014-06-30")

PEOPLE = (FOREIGNER, SCRIVENER, PARENT, RELATIVE, CHILD)
