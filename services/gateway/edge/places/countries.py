"""The countries of addresses, from a MaxMind DB file (MMDB) that the operator mounts and renews."""

from datetime import UTC, datetime
from pathlib import Path

import maxminddb

from services.gateway.edge.places.networks import Address


class Countries:
    """The data of one file, held in memory: a file that is replaced under it changes nothing. Raises `ValueError`."""

    def __init__(self, path: Path) -> None:
        try:
            self._reader = maxminddb.open_database(path, maxminddb.MODE_MEMORY)
            built = self._reader.metadata().build_epoch
        except OSError as error:
            raise ValueError(f"{path}: {error.strerror}") from None
        except (maxminddb.InvalidDatabaseError, ValueError) as error:
            raise ValueError(f"{path}: {error}") from None
        self.built_at = datetime.fromtimestamp(built, UTC)

    def find(self, address: Address) -> str | None:
        """The code of the country (ISO 3166-1 alpha-2); None where the data does not name one."""
        try:
            record = self._reader.get(address)
        except (maxminddb.InvalidDatabaseError, ValueError):  # a damaged record, or an IPv6 address in data of IPv4
            return None
        if not isinstance(record, dict):
            return None
        # MaxMind and DB-IP nest the code, IPinfo does not. Where there is no place of use, who registered it counts.
        nested = [record.get(name) for name in ("country", "registered_country")]
        codes = [each.get("iso_code") for each in nested if isinstance(each, dict)] + [record.get("country_code")]
        return next((code for code in codes if isinstance(code, str) and len(code) == 2), None)
