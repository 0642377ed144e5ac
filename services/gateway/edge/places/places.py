"""The rules on places, applied to the address of a caller."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

import structlog
from prometheus_client import Counter as Metric
from prometheus_client import Gauge

from services.gateway.edge.places.countries import Countries
from services.gateway.edge.places.networks import Address, Networks, read_address
from services.gateway.edge.places.rules import PlaceRules, read_relays, read_rules
from shared.auth import Actor
from shared.clock import Clock
from shared.errors import Forbidden, Text

log = structlog.get_logger(__name__)
REFUSED = Metric("zairyu_place_refusals_total", "Requests refused because of the place they came from", ["reason"])
BUILT = Gauge("zairyu_country_data_built_timestamp_seconds", "When the country data was made (Unix time); 0: none")
NOT_READ = "places-not-read"
OUTDATED = "country-data-outdated"
# Files are looked at so often: an operator who replaces one sees it in force soon, and nobody pays for it.
LOOK_AGAIN = timedelta(minutes=1)


class Reason(StrEnum):
    """Reasons to refuse a place."""

    ABROAD = "abroad"
    RELAY = "relay"
    UNKNOWN = "unknown"
    NO_DATA = "no-data"
    OFFICERS = "officers"


_DETAILS = {
    Reason.ABROAD: Text(
        "このサイトの手続は、日本国内からご利用ください。滞在先を届け出た方は、先にログインしてください",
        "Use the procedures of this site from within Japan. If you have registered a stay abroad, sign in first",
    ),
    Reason.RELAY: Text(
        "VPNやプロキシを経由した接続はご利用いただけません。接続を切り替えてから、もう一度お試しください",
        "Connections through a VPN or proxy service are not accepted. Turn it off and try again",
    ),
    Reason.UNKNOWN: Text(
        "接続元の国を確認できません。別の回線からお試しください",
        "The country that you connect from is not known. Try another connection",
    ),
    Reason.NO_DATA: Text(
        "接続元の国を現在確認できません。しばらくしてからお試しください",
        "The country that you connect from cannot be checked at the moment. Try again later",
    ),
    Reason.OFFICERS: Text(
        "職員の方は、庁内のネットワークからご利用ください", "Officers use this site from the networks of their offices"
    ),
}


class NotFromHere(Forbidden):
    """The site cannot be used from this place, by this caller."""

    code = "not-from-here"
    title = Text("この接続元からはご利用いただけません", "Not available from where you are")

    def __init__(self, reason: Reason) -> None:
        super().__init__(_DETAILS[reason])


@dataclass(frozen=True, slots=True)
class Verdict:
    """The reasons to refuse one address, to people (and their API clients) and to officers; None: there is none."""

    people: Reason | None = None
    officers: Reason | None = None
    country: str | None = None

    @property
    def kinds(self) -> str:
        """The kinds of accounts that cannot sign in from there, for registration."""
        return " ".join(kind for kind, why in (("person", self.people), ("officer", self.officers)) if why)

    def reason_for(self, actor: Actor, now: datetime) -> Reason | None:
        """The reason to refuse an actor there. Somebody with a stay abroad in force is not."""
        if actor.kind == "officer":
            return self.officers
        return None if actor.abroad_until is not None and actor.abroad_until > now else self.people


ANYWHERE = Verdict()


@dataclass(frozen=True, slots=True)
class _Files:
    """The rules with the data that they name."""

    rules: PlaceRules
    countries: Countries | None
    relays: Networks
    allowed: Networks
    officers: Networks
    marks: tuple[tuple[str, int], ...]


class Places:
    """The rules in force. Without a file of rules everything is allowed from everywhere."""

    def __init__(self, path: str, clock: Clock) -> None:
        """Raises `ValueError`, which names the file that cannot be used and why."""
        self._path = Path(path) if path else None
        self._clock = clock
        self._files = None if self._path is None else _read(self._path)
        self._looked_at = clock.now()
        self._failed = ""
        # For the operators' page of this process: reason and country.
        self.refused: Counter[tuple[Reason, str]] = Counter()
        self._measure()

    @property
    def rules(self) -> PlaceRules | None:
        """The rules; None where there are none."""
        return self._files.rules if self._files else None

    @property
    def built_at(self) -> datetime | None:
        """The moment at which the country data in use was made."""
        return self._files.countries.built_at if self._files and self._files.countries else None

    @property
    def is_outdated(self) -> bool:
        """Whether the country data is older than the rules allow, and counts as missing."""
        built, oldest = self.built_at, self.rules.oldest if self.rules else None
        return built is not None and oldest is not None and self._clock.now() - built > oldest

    @property
    def relays(self) -> int:
        """The number of networks of VPN and proxy services."""
        return len(self._files.relays) if self._files else 0

    @property
    def failed(self) -> str:
        """The mistake in files that were replaced and could not be read; those before them hold."""
        return self._failed

    async def look_again(self) -> None:
        """Read the files again where one of them has changed; with one that cannot be read the ones before hold."""
        if self._path is None or self._files is None or self._clock.now() - self._looked_at < LOOK_AGAIN:
            return
        self._looked_at = self._clock.now()
        try:
            if _marks(self._path, self._files.rules) == self._files.marks:
                return
            self._files = await asyncio.to_thread(_read, self._path)
            self._failed = ""
        except ValueError as error:
            self._failed = str(error)
            log.error("places.not_read", problem=self._failed)
            return
        log.info("places.read", built_at=self.built_at.isoformat() if self.built_at else None, relays=self.relays)
        self._measure()

    async def look(self) -> frozenset[str]:
        """The notices that hold now: mistakes that leave the site open or closed to the wrong people."""
        await self.look_again()
        return frozenset({notice for notice, holds in ((NOT_READ, self.failed), (OUTDATED, self.is_outdated)) if holds})

    def verdict(self, host: str | None) -> Verdict:
        """The verdict about the address of a connection."""
        files = self._files
        if files is None:
            return ANYWHERE
        address = read_address(host)
        is_office = address is not None and address in files.officers
        if is_office or (address is not None and address in files.allowed):
            people, country = None, None
        else:
            people, country = self._people(files, address)
        officers = people
        if files.rules.officer_networks:
            officers = None if is_office else Reason.OFFICERS
        return Verdict(people, officers, country)

    def refuse(self, verdict: Verdict, reason: Reason) -> NotFromHere:
        """The refusal, counted and logged: with the country, and never with the address."""
        country = verdict.country or "-"
        REFUSED.labels(reason.value).inc()
        self.refused[reason, country] += 1
        log.info("place.refused", reason=reason.value, country=country)
        return NotFromHere(reason)

    def _people(self, files: _Files, address: Address | None) -> tuple[Reason | None, str | None]:
        if address is not None and address in files.relays:
            return Reason.RELAY, None
        # Addresses that are routed nowhere are those of the operator's own networks.
        if not files.rules.countries or (address is not None and not address.is_global):
            return None, None
        if files.countries is None or self.is_outdated:
            return (None if files.rules.without_data == "allow" else Reason.NO_DATA), None
        country = files.countries.find(address) if address is not None else None
        if country is None:
            return (None if files.rules.unknown == "allow" else Reason.UNKNOWN), None
        return (None if country in files.rules.countries else Reason.ABROAD), country

    def _measure(self) -> None:
        BUILT.set(self.built_at.timestamp() if self.built_at else 0)


def _read(path: Path) -> _Files:
    rules = read_rules(path)
    return _Files(
        rules=rules,
        countries=Countries(path.parent / rules.country_data) if rules.country_data else None,
        relays=read_relays(path.parent / rules.relays) if rules.relays else Networks(()),
        allowed=Networks(rules.allowed_networks),
        officers=Networks(rules.officer_networks),
        marks=_marks(path, rules),
    )


def _marks(path: Path, rules: PlaceRules) -> tuple[tuple[str, int], ...]:
    """The files with the moments of their last change. Raises `ValueError`."""
    named = (path, *(path.parent / name for name in (rules.country_data, rules.relays) if name))
    try:
        return tuple((str(file), file.stat().st_mtime_ns) for file in named)
    except OSError as error:
        raise ValueError(f"{error.filename}: {error.strerror}") from None
