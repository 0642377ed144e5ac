"""Where somebody signs in from, in words that their owner recognises and that say no more than needed."""

import re
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

# A device that was not used for so long counts as new.
KNOWN_DEVICE_FOR = timedelta(days=180)

# The first that fits: most browsers name the others too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_PRODUCT = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,39}")


@dataclass(frozen=True, slots=True)
class Visitor:
    """The caller as far as the connection shows: the address that attempts are counted by, and the device's label.

    `held` is the secret of the session that the browser holds already: a sign-in ends it.
    """

    address: str
    device: str
    held: str | None = None

    @property
    def place(self) -> str:
        """The address without the part that points to one machine: `203.0.113.*`, `2001:db8:1::/48`."""
        try:
            address = ip_address(self.address)
        except ValueError:
            return "unknown"
        if isinstance(address, IPv6Address):
            return str(ip_network((address, 48), strict=False))
        return f"{self.address.rpartition('.')[0]}.*"


def device_label(user_agent: str) -> str:
    """`Firefox on Windows`; for a program its own name; never the caller's text as it is."""
    browser = next((name for token, name in _BROWSERS if token in user_agent), None)
    system = next((name for token, name in _SYSTEMS if token in user_agent), None)
    if browser and system:
        return f"{browser} on {system}"
    if browser or system:
        return browser or system or ""
    product = _PRODUCT.match(user_agent)
    return product.group() if product else "unknown"
