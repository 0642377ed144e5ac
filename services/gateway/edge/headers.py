"""Headers that are passed on to a service and back from it: known ones, no others."""

from collections.abc import Iterable, Mapping

# What routes of the services read, and what caches and clients say of themselves. Everything else is left out: what a
# service has never heard of cannot mislead it.
REQUEST_HEADERS = frozenset(
    {
        b"accept",
        b"accept-language",
        b"content-language",
        b"content-type",
        b"idempotency-key",
        b"if-match",
        b"if-modified-since",
        b"if-none-match",
        b"last-event-id",
        b"payment-signature",
        b"user-agent",
        b"x-correlation-id",
        b"x-draft-key",
    }
)
ANSWER_HEADERS = frozenset(
    {
        b"allow",
        b"cache-control",
        b"content-disposition",
        b"content-encoding",
        b"content-language",
        b"content-length",
        b"content-security-policy",
        b"content-type",
        b"deprecation",
        b"etag",
        b"expires",
        b"last-modified",
        b"link",
        b"location",
        b"pragma",
        b"referrer-policy",
        b"retry-after",
        b"sunset",
        b"vary",
        b"www-authenticate",
    }
)


def decode_value(value: bytes) -> str:
    """A header's value for the client, which sends text as UTF-8: UTF-8 stays as it is, byte for byte; other bytes
    above 0x7F are read as Latin-1 (RFC 9110 §5.5), so that nothing is lost and nothing breaks."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def request_headers(headers: Iterable[tuple[bytes, bytes]], stated: Mapping[str, str]) -> list[tuple[str, str]]:
    """The headers of a request (lower-case names) that a service may see, and what the gateway itself states."""
    kept = [(name.decode(), decode_value(value)) for name, value in headers if name in REQUEST_HEADERS]
    return [*kept, *stated.items()]


def answer_headers(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of an answer that its caller may see. A service names its own paths; from outside they begin with
    `/api`."""
    return [(lower, _outside(lower, value)) for name, value in headers if (lower := name.lower()) in ANSWER_HEADERS]


def _outside(name: bytes, value: bytes) -> bytes:
    return b"/api" + value if name == b"location" and value.startswith(b"/v1/") else value
