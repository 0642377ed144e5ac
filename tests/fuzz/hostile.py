"""Forms filled in by somebody who means no good: values of every kind, and bodies that no form of ours sends."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote_from_bytes

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
VALUES: dict[str, bytes] = {
    "nothing": b"",
    "null": b"a\0b",
    "control": b"a\r\nBcc: b@example.com\x1b[2J\xe2\x80\xae<script>alert(1)</script>{{ 7 * 7 }}%s' OR 1=1; --",
    "not characters": "\ufffe\uffff\ufdd0".encode(),
    "not UTF-8": b"\xff\xfe\x80",
    "surrogate": b"\xed\xa0\x80",
    "escaped surrogate": rb'"\ud800"',
    "long": ("字" * 600).encode(),
    "huge": b"x" * 40_000,
    "infinite": b"-1e999",
    "digits": b"9" * 5_000,
    "minus nothing": b"-0",
    "NaN": b"NaN",
    "other digits": "²③٣".encode(),
    "a large number": b"9223372036854775808",
    "no day": b"0000-00-00",
    "the first day": b"0001-01-01",
    "the last day": b"9999-12-31",
    "a later day": b"10000-01-01",
    "no such day": b"2029-02-30",
    "wide day": "２０２９−０２−３０".encode(),
    "era": "令和999年99月99日".encode(),
    "the last moment": b"9999-12-31T23:59:59.999999+23:59",
    "id": b"00000000-0000-0000-0000-000000000000",
    "path": b"../../../etc/passwd",
    "address": b"//evil.example/\\@x:y",
    "bad address": b"http://[::1/x",
    "mail": b'"a b"@[127.0.0.1]',
    "JSON": b'[{"a": 1e400}]',
    "percent": b"%ED%A0%80%00%zz",
}
# Bodies that no form of ours sends, with their types; None: no type at all.
BODIES: dict[str, tuple[bytes, str | None]] = {
    "not UTF-8": (b"role=\xed\xa0\x80&email=%ED%A0%80&csrf_token=%FF", URLENCODED),
    "many fields": (b"&".join(b"field_%d=x" % number for number in range(5_000)), URLENCODED),
    "JSON": (b'{"role": ["self"]}', "application/json"),
    "no pairs": (b"&&&=&=;%%%", URLENCODED),
    "no type": (b"role=self", None),
    "undefined characters": (b"role=%80", f"{URLENCODED}; charset=undefined"),
    "odd type": (b"role=self", "multipart/form-data; boundary="),
    "no parts": (b"role=self", MULTIPART),
    "odd names": (
        b'--x\r\nContent-Disposition: form-data; name="\xff\r\n\r\n\xed\xa0\x80\r\n'
        b'--x\r\nContent-Disposition: form-data; name="\0"; filename="../\xff\0"\r\n\r\n\0\r\n--x--\r\n',
        MULTIPART,
    ),
    "a file for everything": (
        b"".join(
            b'--x\r\nContent-Disposition: form-data; name="%s"; filename="a"\r\nContent-Type: \xff\r\n\r\n\0\r\n' % name
            for name in (b"csrf_token", b"role", b"email", b"code", b"password", b"do", b"login_id")
        )
        + b"--x--\r\n",
        MULTIPART,
    ),
    "cut short": (b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7', MULTIPART),
}
Pairs = list[tuple[str, bytes]]


@dataclass(frozen=True)
class Filled:
    """One way to fill in a form."""

    why: str
    body: bytes
    content_type: str | None = URLENCODED


def encoded(pairs: Pairs) -> bytes:
    """The body of a form that is sent URL-encoded, byte by byte."""
    return b"&".join(f"{quote_from_bytes(n.encode())}={quote_from_bytes(v)}".encode() for n, v in pairs)


def filled(fields: dict[str, str]) -> Iterator[Filled]:
    """Every way to fill in a form that has these fields. Its CSRF token is kept: without it nothing else is read."""
    good = [(name, value.encode()) for name, value in fields.items()]
    open_ = [name for name in fields if name != "csrf_token"]
    for why, value in VALUES.items():
        yield Filled(f"all {why}", encoded([(n, v if n == "csrf_token" else value[:4_000]) for n, v in good]))
    for name in open_:
        for why, value in VALUES.items():
            yield Filled(f"{name} {why}", encoded([(n, value if n == name else v) for n, v in good]))
        yield Filled(f"without {name}", encoded([(n, v) for n, v in good if n != name]))
        yield Filled(f"{name} twice", encoded([*good, (name, b"2"), (name, b"\xff")]))
        yield Filled(f"{name} as a list", encoded([(f"{n}[0][a]" if n == name else n, v) for n, v in good]))
    yield Filled("nothing at all", b"")
    yield Filled("other fields", encoded([*good, ("\0", b"\0"), ("字" * 500, b"x"), ("__proto__", b"x")]))
    parts = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (n.encode(), v) for n, v in good
    )
    yield Filled("in parts", parts + b"--x--\r\n", MULTIPART)
    for why, (body, kind) in BODIES.items():
        begun = encoded([(n, v) for n, v in good if n == "csrf_token"]) + b"&" if kind == URLENCODED else b""
        yield Filled(why, begun + body, kind)
