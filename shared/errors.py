"""Errors as types with a stable code. The HTTP layer turns them into problem+json in one place (RFC 9457).

An error says what was wrong, where, and what to do, in Japanese and English; raising one changes nothing,
because the transaction it leaves is rolled back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from shared.texts import Text, Value

__all__ = [
    "Conflict",
    "FieldProblem",
    "Forbidden",
    "Invalid",
    "NotFound",
    "PreconditionFailed",
    "PreconditionRequired",
    "Problem",
    "Text",
    "TooLarge",
    "TooMany",
    "Unauthenticated",
    "Unavailable",
    "Value",
    "WrongType",
]


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with one field. `pointer` is a JSON pointer into the request body (RFC 6901)."""

    pointer: str
    code: str
    message: Text


class Problem(Exception):
    """Base of every error that a caller receives.

    `members` are further members of the answer, in JSON's types, and `headers` further headers.
    """

    status = 400
    code = "bad-request"
    headers: Mapping[str, str] = MappingProxyType({})
    title = Text("要求に誤りがあります", "Bad request")

    def __init__(
        self, detail: Text | None = None, fields: Sequence[FieldProblem] = (), *, code: str | None = None
    ) -> None:
        super().__init__(detail.en if detail else self.title.en)
        self.detail = detail
        self.fields = tuple(fields)
        # Mistakes that were counted and not described: an answer lists the first of them only.
        self.more_fields = 0
        self.members: Mapping[str, Any] = {}
        if code is not None:
            self.code = code


class Invalid(Problem):
    """The input breaks a rule; `fields` says which and how to correct it."""

    status = 422
    code = "invalid"
    title = Text("入力内容に誤りがあります", "The input has mistakes")


class Unauthenticated(Problem):
    """No token, or one that is expired, forged or foreign."""

    status = 401
    code = "unauthenticated"
    title = Text("ログインが必要です", "Sign in first")


class Forbidden(Problem):
    """The caller is known but may not do this at all. For somebody else's record use `NotFound`."""

    status = 403
    code = "forbidden"
    title = Text("この操作を行う権限がありません", "You do not have permission to do this")


class NotFound(Problem):
    """Not there, or not yours: the two look alike."""

    status = 404
    code = "not-found"
    title = Text("見つかりません", "Not found")


class Conflict(Problem):
    """The state of the thing does not allow it now."""

    status = 409
    code = "conflict"
    title = Text("現在の状態では実行できません", "Not possible in the current state")


class PreconditionFailed(Problem):
    """Somebody changed it since the caller read it (`If-Match` does not match)."""

    status = 412
    code = "changed-meanwhile"
    title = Text("他の人が先に変更しました", "Somebody changed it since you read it")


class PreconditionRequired(Problem):
    """A header that guards against lost updates or doubled effects is missing."""

    status = 428
    code = "precondition-required"
    title = Text("必要なヘッダーがありません", "A required header is missing")


class WrongType(Problem):
    """A body of a media type that the route does not read."""

    status = 415
    code = "wrong-content-type"
    title = Text("この形式の本文は受け付けていません", "The body has a media type that is not read here")


class TooLarge(Problem):
    """More bytes than allowed; refused before it is read."""

    status = 413
    code = "too-large"
    title = Text("サイズが大きすぎます", "Too large")


class TooMany(Problem):
    """Too often; wait and try again."""

    status = 429
    code = "too-many-requests"
    title = Text("しばらくしてから再度お試しください", "Wait a moment and try again")


class Unavailable(Problem):
    """Something this depends on does not answer; trying again later is right."""

    status = 503
    code = "unavailable"
    title = Text("一時的に利用できません", "Temporarily unavailable")
