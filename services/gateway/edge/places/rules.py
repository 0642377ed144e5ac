"""The rules on places: a TOML file of the operator (`ZAIRYU_PLACE_RULES`), with the files that it names."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from services.gateway.edge.places.networks import Networks

Answer = Literal["allow", "refuse"]


def _networks(listed: tuple[str, ...]) -> tuple[str, ...]:
    Networks(listed)
    return listed


NetworkList = Annotated[tuple[str, ...], AfterValidator(_networks)]


class PlaceRules(BaseModel):
    """From where people and officers may use the site. Files are named relative to the file of the rules."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    countries: frozenset[Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]] | None = Field(
        None, min_length=1, description="countries (ISO 3166-1) from which people file; unset: all"
    )
    country_data: str = Field("", description="MMDB file with the countries of addresses; needed with `countries`")
    oldest_days: int | None = Field(None, description="days after which the data counts as missing; unset: never", ge=1)
    without_data: Answer = Field("refuse", description="what holds for every address while there is no data")
    unknown: Answer = Field("refuse", description="what holds for addresses that the data does not name")
    relays: str = Field("", description="file with networks of VPN and proxy services, one on a line")
    allowed_networks: NetworkList = Field((), description="networks that are never refused, such as outside systems'")
    officer_networks: NetworkList = Field((), description="networks from which officers work; empty: as people")

    @property
    def oldest(self) -> timedelta | None:
        """The age of data that is too old."""
        return None if self.oldest_days is None else timedelta(days=self.oldest_days)


def read_rules(path: Path) -> PlaceRules:
    """The rules of a file. Raises `ValueError`, which names the file and what is wrong in it."""
    try:
        rules = PlaceRules.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from None
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise ValueError(f"{path}: {wrong}") from None
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    if rules.countries and not rules.country_data:
        raise ValueError(f"{path}: country_data: name the file by which countries are known")
    return rules


def read_relays(path: Path) -> Networks:
    """The networks of a file; empty lines and what follows `#` count for nothing. Raises `ValueError`."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from None
    try:
        return Networks(entry for line in lines if (entry := line.partition("#")[0].strip()))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
