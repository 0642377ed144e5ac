"""Errors as `application/problem+json` (RFC 9457), made in this one place."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy.exc
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from shared.errors import (
    Conflict,
    FieldProblem,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    Problem,
    Text,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
    WrongType,
)
from shared.http.limits import MAX_ERRORS, MAX_TEXT
from shared.http.validation import first_problems
from shared.languages import negotiate
from shared.translations import say

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
# Serialization failure, deadlock, lock not available, server stopping or starting: the same call may succeed later.
_TRANSIENT_SQLSTATES = frozenset({"40001", "40P01", "55P03", "57P01", "57P02", "57P03", "53300"})
# PostgreSQL's text holds every character but NUL (in JSON, the second of these).
_NO_TEXT_SQLSTATES = frozenset({"22021", "22P05"})
RETRY_AFTER_SECONDS = "5"


class FieldError(BaseModel):
    """One thing wrong with one field."""

    pointer: str = Field(description="JSON pointer into the request body (RFC 6901); for other places: /name")
    place: str = Field(description="where the field is: body, query, path, header or cookie", examples=["body"])
    code: str = Field(description="stable, for programs", examples=["required"])
    message: str = Field(description="for people, in the language of the answer")


class ProblemBody(BaseModel):
    """The body of every error (RFC 9457). Programs read `code`; people read `title` and `detail`."""

    type: str = Field(examples=["urn:zairyu:problem:invalid"])
    title: str
    status: int = Field(examples=[422])
    detail: str | None = None
    code: str = Field(description="stable, for programs", examples=["invalid"])
    request_id: str = Field(description="name it when asking for support; our logs have it too")
    errors: list[FieldError] = Field(default_factory=list, description="what is wrong with which field")
    more_errors: int = Field(0, description=f"how many mistakes there are beside the first {MAX_ERRORS}")


class NoText(Invalid):
    """A text that cannot be kept. Which one, the database does not say: fields that expect it name themselves."""

    code = "null-character"
    title = Text("使用できない文字(NUL)が含まれています", "A text contains a character that cannot be kept (NUL)")


class MethodNotAllowed(Problem):
    """The path exists, but not for this method."""

    status = 405
    code = "method-not-allowed"
    title = Text("このメソッドは使えません", "This method is not allowed here")


class InternalError(Problem):
    """A defect of ours. The log has the stack under the request id; the caller gets that id and nothing else."""

    status = 500
    code = "internal-error"
    title = Text("システムエラーが発生しました", "Something went wrong on our side")


_BY_STATUS: dict[int, type[Problem]] = {
    kind.status: kind
    for kind in (
        Problem,
        Unauthenticated,
        Forbidden,
        NotFound,
        MethodNotAllowed,
        Conflict,
        PreconditionFailed,
        TooLarge,
        WrongType,
        Invalid,
        PreconditionRequired,
        TooMany,
        InternalError,
        Unavailable,
    )
}


def problem_response(request: Request, problem: Problem, **extra: Any) -> JSONResponse:
    """`problem` in the caller's language. `extra` members are added to the body."""
    lang = negotiate(request.headers.get("accept-language"))
    body: dict[str, Any] = {
        "type": f"urn:zairyu:problem:{problem.code}",
        "title": say(problem.title, lang),
        "status": problem.status,
    }
    more = len(problem.fields) + problem.more_fields - MAX_ERRORS
    detail = problem.detail
    if more > 0 and detail is None:
        detail = Text("ほかにも{more}件の誤りがあります", "And {more} more").with_values(more=more)
    if detail is not None:
        body["detail"] = _bounded(say(detail, lang))
    body |= {"code": problem.code, "request_id": request_id(request), **problem.members, **extra}
    if problem.fields:
        body["errors"] = [
            {
                "pointer": _bounded(field.pointer),
                "place": getattr(field, "place", "body"),
                "code": _bounded(field.code),
                "message": _bounded(say(field.message, lang)),
            }
            for field in problem.fields[:MAX_ERRORS]
        ]
    if more > 0:
        body["more_errors"] = more
    return JSONResponse(body, problem.status, headers=_headers(problem, lang), media_type=MEDIA_TYPE)


def _bounded(text: str) -> str:
    """A text of an answer: not longer than ours are, and one that can be written. A member of the caller's document may
    be named by half a character."""
    text = text.encode(errors="backslashreplace").decode()
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}…"


def request_id(request: Request) -> str:
    """The id under which this request is logged, on the answer as `X-Request-Id`."""
    return str(request.scope.get("zairyu.request_id", "unknown"))


def from_exception(error: Exception) -> Problem:
    """The problem that stands for an error nobody caught: 422 for a text that cannot be kept, 503 where trying again
    may help, else 500."""
    if isinstance(error, Problem):
        return error
    sqlstate = getattr(getattr(error, "orig", None), "sqlstate", None)
    if sqlstate in _NO_TEXT_SQLSTATES:
        return NoText()
    away = isinstance(
        error, sqlalchemy.exc.TimeoutError | sqlalchemy.exc.InterfaceError | sqlalchemy.exc.OperationalError | OSError
    ) or (isinstance(error, sqlalchemy.exc.DBAPIError) and error.connection_invalidated)
    return Unavailable() if away or sqlstate in _TRANSIENT_SQLSTATES else InternalError()


def install(app: FastAPI) -> None:
    """Make every error that leaves a route a problem. What is left over is caught by `RequestContext`."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


# The beginning of the messages of starlette's parsers for a limit, and the answer to each.
_FORM_FAULTS = (
    ("Too many files", "too-many", Text("ファイルの数が多すぎます", "The form has too many files")),
    ("Too many fields", "too-many", Text("項目の数が多すぎます", "The form has too many fields")),
    ("exceeded maximum size", "too-long", Text("長すぎる項目があります", "One field of the form is too long")),
)


async def _problem(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)
    if error.status >= 500:
        log.warning("http.unavailable", code=error.code, exc_info=error)
    return problem_response(request, error)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    fields, more = first_problems(error)
    problem = Invalid(fields=fields)
    problem.more_fields = more
    return problem_response(request, problem)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    problem = getattr(error, "problem", None)
    if problem is None and error.status_code == 400:
        problem = Invalid(fields=[_form_fault(str(error.detail))])
        problem.status = 400
    if problem is None:
        kind = _BY_STATUS.get(error.status_code)
        problem = kind() if kind else Problem(code=f"http-{error.status_code}")
        problem.status = error.status_code
    answer = problem_response(request, problem)
    answer.headers.update(error.headers or {})
    return answer


def _form_fault(detail: str) -> FieldProblem:
    """The fault of a form that starlette could not read: its text names a limit or nothing that can be shown."""
    for beginning, code, message in _FORM_FAULTS:
        if beginning in detail:
            return FieldProblem(pointer="", code=code, message=message)
    return FieldProblem(
        pointer="",
        code="unreadable-form",
        message=Text(
            "フォームとして読み取れません。multipart/form-data の boundary と各項目の name を確かめてください",
            "The form cannot be read. Check the boundary of multipart/form-data and the name of each part",
        ),
    )


def _headers(problem: Problem, lang: str) -> dict[str, str]:
    headers = {"Content-Language": lang, "Vary": "Accept-Language"}
    if problem.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="zairyu"'
    if problem.status == 503:
        headers["Retry-After"] = RETRY_AFTER_SECONDS
    extra: Mapping[str, str] = getattr(problem, "headers", {})
    return headers | dict(extra)
