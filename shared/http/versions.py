"""Lost updates, prevented: an answer names its version (`ETag`), a change names the version it started from."""

from typing import Annotated

from fastapi import Header

from shared.errors import PreconditionFailed, PreconditionRequired, Text

IfMatch = Annotated[
    str | None, Header(alias="If-Match", description='the ETag that the caller last read, e.g. "7"; 412 if it is old')
]


class IfMatchRequired(PreconditionRequired):
    """A change must say which version it starts from."""

    code = "if-match-required"
    title = Text("If-Match ヘッダーが必要です", "Send an If-Match header")


def etag(version: int) -> str:
    """A record's version as a strong entity tag."""
    return f'"{version}"'


def expect(version: int, if_match: str | None) -> None:
    """Pass where `if_match` names `version` (strong comparison, RFC 9110 §13.1.1) or is `*`.

    Raises `IfMatchRequired` (428) without the header and `PreconditionFailed` (412) where it names another version.
    """
    if if_match is None:
        raise IfMatchRequired(Text("先に読み取り、そのETagを送ってください", "Read it first and send its ETag"))
    tags = [tag.strip() for tag in if_match.split(",")]
    if "*" not in tags and etag(version) not in tags:
        raise PreconditionFailed(Text("読み直してからやり直してください", "Read it again, then repeat your change"))
