"""Lost updates, prevented: an answer names its version (`ETag`), a change names the version it started from."""

import re
from typing import Annotated

from fastapi import Header

from shared.errors import PreconditionFailed, PreconditionRequired, Text

IfMatch = Annotated[
    str | None, Header(alias="If-Match", description='the ETag that the caller last read, e.g. "7"; 412 if it is old')
]

_TAG = re.compile(r'"[1-9][0-9]{0,8}"')


class IfMatchRequired(PreconditionRequired):
    """A change must say which version it starts from."""

    code = "if-match-required"
    title = Text("If-Match ヘッダーが必要です", "Send an If-Match header")


def etag(version: int) -> str:
    """A record's version as a strong entity tag."""
    return f'"{version}"'


def expect(version: int, if_match: str | None) -> None:
    """Pass where `if_match` names `version`.

    Raises `IfMatchRequired` (428) without the header and `PreconditionFailed` (412) where it names another version.
    """
    if not names(version, _sent(if_match)):
        raise _read_again()


def names(version: int, if_match: str) -> bool:
    """Whether an `If-Match` names `version` (strong comparison, RFC 9110 §13.1.1) or is `*`."""
    return bool({"*", etag(version)}.intersection(_tags(if_match)))


def started_from(version: int, if_match: str | None) -> int:
    """The version that a change started from, up to the present `version`: for changes that are merged with later ones.

    `*` stands for the present one. Raises `IfMatchRequired` (428) without the header and `PreconditionFailed` (412)
    where it names no version that there has been.
    """
    tags = _tags(_sent(if_match))
    if "*" in tags:
        return version
    # More digits than any version has are no number to read.
    named = [int(tag[1:-1]) for tag in tags if _TAG.fullmatch(tag)]
    known = [number for number in named if number <= version]
    if not known:
        raise _read_again()
    return max(known)


def _sent(if_match: str | None) -> str:
    if if_match is None:
        raise IfMatchRequired(Text("先に読み取り、そのETagを送ってください", "Read it first and send its ETag"))
    return if_match


def _tags(if_match: str) -> list[str]:
    return [tag.strip() for tag in if_match.split(",")]


def _read_again() -> PreconditionFailed:
    return PreconditionFailed(Text("読み直してからやり直してください", "Read it again, then repeat your change"))
