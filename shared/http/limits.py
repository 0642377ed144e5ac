"""The limits of what a caller may send, and how slowly: every number with its reason, in this one file."""

from dataclasses import dataclass

from shared.errors import Text, TooLarge

KIB, MIB = 1024, 1024 * 1024

# The largest form of one record in JSON, texts at their full length; a route that needs more is listed below.
DEFAULT_MAX_BODY = 128 * KIB
# The gateway's own forms: the longest text is a consent's, with two addresses.
FORM_BODY = 64 * KIB
# A list of five hundred organisations with their names and addresses.
LIST_BODY = MIB
# A file of 25 MB, which is the most that the procedures allow, and the form around it.
UPLOAD_BODY = 25 * MIB + 64 * KIB
# 10,000 rows of an official bulk file (UTF-16, some 230 columns of which a third is filled in), and the form around it.
BOOK_BODY = 32 * MIB + 64 * KIB
# A ZIP of photos and PDFs, and the form around it: what is larger comes in several.
ARCHIVE_BODY = 256 * MIB + 64 * KIB
# A notice of the payment provider or of a mail provider: ids, an amount, a code, a time.
NOTICE_BODY = 8 * KIB
# What a process of the gateway says about itself: ten routes, twenty slow requests and its checks.
REPORT_BODY = 32 * KIB
# Paths of the services whose bodies have another limit; all that begin with one. The gateway holds them under `/api`
# too.
LARGER_BODIES = {
    "/payments/callback": NOTICE_BODY,
    "/mail-reports": NOTICE_BODY,
    "/v1/gateways": REPORT_BODY,
    "/v1/usage-registrations": LIST_BODY,
    "/v1/usage-registration-drafts": LIST_BODY,
    "/v1/periodic-reports": LIST_BODY,
    "/v1/kept-forms": LIST_BODY,
    "/v1/card-desk": LIST_BODY,
    "/v1/documents": UPLOAD_BODY,
    "/v1/imports": BOOK_BODY,
    "/v1/archives": ARCHIVE_BODY,
}
# Bodies of routes up to this size are read whole before anything else is done for them.
BUFFERED_BODY = MIB
# Of larger ones this much is read first: a sender that stops before it has cost nothing else.
FIRST_BYTES = 64 * KIB
# Mistakes that one answer lists; more help nobody, and the answer gives their number.
MAX_ERRORS = 50
# A pointer or message of an answer: ours are shorter, and the caller's own text is not sent back at length.
MAX_TEXT = 300
# Query parameters of one address: no route has more than 20.
MAX_PARAMETERS = 100
# Fields of one form that is sent URL-encoded: the largest page has five hundred organisations with two each.
MAX_FORM_FIELDS = 1100


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """Limits of one listening port on its connections. `None` for `connections_per_address`: any number."""

    # Browsers send about 20 headers with 2 kB, proxies add some; cookies and tokens are the largest.
    header_count: int = 100
    header_bytes: int = 32 * KIB
    # The longest address of ours is the consent page's, with two addresses and a state of 500 characters each.
    url_bytes: int = 8 * KIB
    # From the first byte of a request (or from the connection) to the end of its head.
    head_seconds: float = 20.0
    # A body has this long, and a second more for every so many bytes that arrived: a phone on 64 kbit/s sends 25 MB.
    body_seconds: float = 20.0
    body_bytes_per_second: int = 8 * KIB
    # An answer that the caller does not take: nothing left the buffer of 64 KiB for so long.
    answer_seconds: float = 30.0
    # A connection without a request; longer than our own clients keep one (`shared.outgoing.KEPT_SECONDS`).
    idle_seconds: float = 5.0
    # The same for a named proxy: those in use keep one for a minute, and should be the first to close it.
    proxy_idle_seconds: int = 75
    # After a refusal the rest of the body is discarded for so long, so that the caller can read the refusal.
    lingering_seconds: float = 2.0
    # Of a body that was answered before its end, so much is thrown away before the connection is closed.
    discarded_bytes: int = 64 * MIB
    # An office behind one address: browsers keep six each, and those that wait for nothing give way.
    connections_per_address: int | None = None
    # Each costs about 10 kB; fewer where the process may not open as many files.
    connections: int = 4096


def too_large(limit: int) -> TooLarge:
    """The refusal of a body with more than `limit` bytes, in the units people read: whole MB, or kB below one."""
    text = Text("{size}バイト以内にしてください", "Send at most {size} bytes").with_values(size=limit)
    if limit >= MIB:
        text = Text("{size}MB以内にしてください", "Send at most {size} MB").with_values(size=limit // MIB)
    elif limit >= KIB:
        text = Text("{size}kB以内にしてください", "Send at most {size} kB").with_values(size=limit // KIB)
    return TooLarge(text)
