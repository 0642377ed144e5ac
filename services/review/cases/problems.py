"""Refusals of a rule as problems: 409 for the state, 412 for what was read, 403 for the person, 422 for a value."""

from fastapi import Request, Response

from services.review.cases.domain.refusal import NotForYou, NotNow, Outdated, Refused
from shared.errors import Conflict, FieldProblem, Forbidden, Invalid, PreconditionFailed, Problem, Text
from shared.http import problem_response


async def refused(request: Request, error: Exception) -> Response:
    """The answer to a request that a rule refused."""
    assert isinstance(error, Refused)
    return problem_response(request, problem_of(error))


def problem_of(error: Refused) -> Problem:
    """The problem that states a refusal."""
    problem = _problem_of(error, error.text)
    problem.members = {**problem.members, **error.members}
    return problem


def _problem_of(error: Refused, text: Text) -> Problem:
    if isinstance(error, NotNow | Outdated):
        kind = Conflict if isinstance(error, NotNow) else PreconditionFailed
        problem: Problem = kind(text, code=error.code)
        if error.change is not None:
            by = str(error.change.by) if error.change.by else None
            problem.members = {"changed_at": error.change.at.isoformat(), "changed_by": by}
        return problem
    if isinstance(error, NotForYou):
        return Forbidden(text, code=error.code)
    fields = [FieldProblem(error.pointer, error.code, text)] if error.pointer is not None else []
    return Invalid(text, fields, code=error.code)
