"""Everything that can go wrong, as exceptions. Programs decide by type and `code`; people read `str(problem)`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with one field. `pointer` is a JSON pointer (RFC 6901) into what was sent."""

    pointer: str
    code: str
    message: str
    place: str = "body"


class ZairyuError(Exception):
    """Base of all errors of this package."""


class NotReached(ZairyuError):
    """No answer came, also after repeating. Send it again later with the same `key`: it takes effect once."""

    def __init__(self, text: str, key: str | None = None) -> None:
        super().__init__(text)
        self.key = key


class NotDone(ZairyuError):
    """Something that was waited for is not done in that time. It goes on; ask again."""


class WebhookRefused(ZairyuError):
    """A message that is not signed with the secret, is older or newer than five minutes, or is no event."""


class ZairyuProblem(ZairyuError):
    """An answer that is an error (RFC 9457).

    `title`, `detail` and the messages of `errors` are in the language of the client, `code` is stable. `members` has
    everything that the answer had, `request_id` is what support asks for.
    """

    def __init__(self, status: int, members: Mapping[str, Any], retry_after: float | None = None) -> None:
        self.status = status
        self.members = dict(members)
        self.code = str(members.get("code") or members.get("error") or f"http-{status}")
        self.title = str(members.get("title") or members.get("error_description") or f"HTTP {status}")
        self.detail: str | None = members.get("detail")
        self.request_id: str | None = members.get("request_id")
        self.retry_after = retry_after
        self.errors = tuple(_field(each) for each in members.get("errors") or ())
        self.more_errors = int(members.get("more_errors") or 0)
        super().__init__(self._text())

    @property
    def by_field(self) -> dict[str, list[FieldProblem]]:
        """The problems of each field."""
        found: dict[str, list[FieldProblem]] = {}
        for each in self.errors:
            found.setdefault(each.pointer, []).append(each)
        return found

    def _text(self) -> str:
        lines = [f"{self.title} [{self.status} {self.code}]"]
        lines += [self.detail] if self.detail else []
        lines += [f"{each.pointer}: {each.message}" for each in self.errors]
        lines += [f"and {self.more_errors} more"] if self.more_errors else []
        lines += [f"request {self.request_id}"] if self.request_id else []
        return "\n".join(lines)


class SignInRefused(ZairyuProblem):
    """401, or a refusal of the token endpoint: id, secret, network, or the registration behind the client."""


class NotAllowed(ZairyuProblem):
    """403: the scopes or the role of the client do not cover it."""


class NotFound(ZairyuProblem):
    """404: not there, or not yours."""


class Conflict(ZairyuProblem):
    """409: not possible in the present state."""


class DraftChanged(Conflict):
    """409 `draft-changed`: somebody changed the same answers. `conflicts` has both values of each."""

    @property
    def revision(self) -> int | None:
        """The revision with which the same change is saved all the same."""
        return self.members.get("revision")

    @property
    def conflicts(self) -> list[dict[str, Any]]:
        """`pointer`, `yours`, `theirs`, `changed_by` and `changed_at` of each."""
        return list(self.members.get("conflicts") or ())


class Changed(ZairyuProblem):
    """412: the revision is old. Read again, and decide again."""


class InvalidInput(ZairyuProblem):
    """422: `by_field` says what is wrong with which field."""


class FileRefused(InvalidInput):
    """422 of an upload: `errors` says what is wrong with the file, and what to do."""

    @property
    def offer(self) -> dict[str, Any] | None:
        """A repaired copy that can be taken (`documents.take_repaired`); None where there is none."""
        return self.members.get("offer")


class TooMany(ZairyuProblem):
    """429, also after waiting: `retry_after` says in how many seconds to come again."""


class Unavailable(ZairyuProblem):
    """502, 503 or 504, also after repeating. Send it again later with the same key."""


_BY_CODE: dict[str, type[ZairyuProblem]] = {
    "draft-changed": DraftChanged,
    "file-refused": FileRefused,
    "file-repairable": FileRefused,
}
_BY_STATUS: dict[int, type[ZairyuProblem]] = {
    401: SignInRefused,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    412: Changed,
    422: InvalidInput,
    429: TooMany,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}


def problem_of(status: int, headers: Mapping[str, str], content: bytes) -> ZairyuProblem:
    """The problem that an answer is. One that is no JSON, of a proxy for instance, has the code `http-<status>`."""
    members = _members(content)
    kind = _BY_CODE.get(str(members.get("code"))) or _BY_STATUS.get(status, ZairyuProblem)
    return kind(status, members, retry_after(headers.get("retry-after")))


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """The seconds of a `Retry-After`: a number or a date (RFC 9110 §10.2.3). None for anything else."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - (now or datetime.now(UTC))).total_seconds())


def _members(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _field(found: Any) -> FieldProblem:
    each = found if isinstance(found, dict) else {}
    words = {name: str(each.get(name, "")) for name in ("pointer", "code", "message")}
    return FieldProblem(**words, place=str(each.get("place", "body")))
