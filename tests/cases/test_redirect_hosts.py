"""Origins of other sites that may be written into a header of ours."""

import pytest

from services.registration.oauth.domain.api_clients import redirect_uri
from shared.origins import origin_of

HOSTS = [
    "vendor.example",
    "VENDOR.example",
    "a-b.vendor.example:8443",
    "xn--r8jz45g.example",
    "203.0.113.7",
    "[2001:db8::1]:8443",
    "a" * 63 + ".example",
]
NO_HOSTS = [
    "a;script-src",
    "a;sandbox.example",
    "a,b.example",
    "*.example",
    "*",
    "a'self'.example",
    "a b.example",
    "a%3bscript-src.example",
    "a_b.example",
    "-a.example",
    "a-.example",
    "a..example",
    ".example",
    "vendor.example.",
    "vendor.example:",
    "vendor.example:0",
    "vendor.example:65536",
    "vendor.example:443;script-src",
    "user@vendor.example",
    "a" * 64 + ".example",
    ".".join(["a" * 60] * 5),
    "203.0.113.256",
    "1.2.3",
    "[::1",
    "[::g]",
    "[fe80::1%25eth0]",
    "例え.example",
    "",
]


@pytest.mark.parametrize("host", HOSTS)
def test_an_origin_is_scheme_and_host_and_port(host: str) -> None:
    """[attacks F22] Nothing else of a redirect address reaches a header, and what is a host name is taken."""
    assert origin_of(f"https://{host}/callback?a=b") == f"https://{host}"
    assert redirect_uri(f"https://{host}/callback?a=b") == f"https://{host}/callback?a=b"


@pytest.mark.parametrize("host", NO_HOSTS)
def test_what_is_no_host_name_is_no_origin_and_no_redirect_address(host: str) -> None:
    """[attacks F22] Signs that separate the words of a policy are in no host name."""
    for read in (origin_of, redirect_uri):
        with pytest.raises(ValueError):
            read(f"https://{host}/callback")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//vendor.example/", "ftp://vendor.example/", "vendor.example"])
def test_only_http_has_an_origin_here(url: str) -> None:
    """[attacks F22] An address of another scheme, or without one, is no redirect address."""
    with pytest.raises(ValueError):
        origin_of(url)
