"""The OpenAPI document: what FastAPI knows of the routes, plus their errors and permissions."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from pydantic import BaseModel

from shared.auth.permission import perhaps_caller, permissions_of
from shared.http.marks import required_key
from shared.http.problems import MEDIA_TYPE, ProblemBody

_REF = {"$ref": "#/components/schemas/Problem"}
_MEANINGS = {
    400: "The request cannot be read",
    401: "Sign in first",
    403: "You may not do this",
    404: "Not there, or not yours",
    409: "Not possible in the present state",
    412: "Somebody changed it since you read it",
    413: "Too large",
    414: "The address is too long",
    415: "The media type of the body is not read here",
    422: "The input has mistakes: `errors` says which",
    428: "A required header is missing",
    429: "Too often, or too much: `Retry-After` says when to try again",
    431: "The headers are too many or too long",
    503: "Not available for the moment: try again",
}
_WAIT = {"description": "seconds to wait", "schema": {"type": "integer"}}
_SCHEME = {"required": True, "schema": {"type": "string"}}
_HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": _SCHEME},
    429: {"Retry-After": _WAIT | {"required": True}},
    503: {"Retry-After": _WAIT | {"required": True}},
}
_KEY = {"type": "string", "pattern": "^[!-~]{1,128}$"}
_READING = frozenset({"get", "head"})


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Further error responses for `responses` of a route, beside those that its parameters and permissions imply.

    An answer that is not documented is a defect: the tests compare every answer with the document.
    """
    return {status: _refusal(status) for status in statuses}


def refusal_with(status: int, members: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """An error response whose problem may have further `members` (RFC 9457 §3.2), for `responses` of a route."""
    schema = members.model_json_schema()
    inner = schema.pop("$defs", {})
    response = _refusal(status)
    response["content"][MEDIA_TYPE]["schema"] = {"allOf": [_REF, _inlined(schema, inner)]}
    return {status: response}


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    """The same schema without references: it stands in a document of other definitions."""
    if isinstance(schema, list):
        return [_inlined(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    return {name: _inlined(part, definitions) for name, part in schema.items()}


def _refusal(status: int) -> dict[str, Any]:
    response: dict[str, Any] = {"description": _MEANINGS[status], "content": {MEDIA_TYPE: {"schema": _REF}}}
    if header := _HEADERS.get(status):
        response["headers"] = header
    return response


def signed_body(model: type[BaseModel]) -> dict[str, Any]:
    """The `openapi_extra` of a route that takes `model` as JSON and reads it itself, once its signature is checked."""
    schema = model.model_json_schema()
    inlined = _inlined(schema, schema.pop("$defs", {}))
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": inlined}}}}


def upload_body(file: str, required: Sequence[str] = (), **others: Mapping[str, Any]) -> dict[str, Any]:
    """The `openapi_extra` of a route that takes a form with the field `file`, described by `file`, and `others`.

    Such a route reads the form itself, so that its body is bounded before it is read.
    """
    schema = {
        "type": "object",
        "required": ["file", *required],
        "properties": {"file": {"type": "string", "format": "binary", "description": file}, **others},
    }
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


def api_routes(app: FastAPI) -> Iterator[tuple[RouteContext, Dependant]]:
    """Every API route of `app` as it is reached: with the prefixes and dependencies of its routers."""
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute):
            yield context, context.dependant


def unmarked_routes(app: FastAPI) -> list[str]:
    """Routes that say neither who may call them nor that anybody may: `METHOD /path`, for the guard test."""
    return [
        f"{'/'.join(sorted(context.methods or ()))} {context.path_format}"
        for context, dependant in api_routes(app)
        if not permissions_of(dependant)
    ]


def install(app: FastAPI) -> None:
    """Replace `app.openapi` by one that documents errors and permissions."""
    plain = app.openapi

    def documented() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, plain())
        return app.openapi_schema

    app.openapi = documented  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def _document(app: FastAPI, schema: dict[str, Any]) -> dict[str, Any]:
    components = schema.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs", {})
    schemas["Problem"] = problem | {"title": "Problem"}
    components["securitySchemes"] = {"access_token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    for context, dependant in api_routes(app):
        path = schema.get("paths", {}).get(context.path_format, {})
        for method in context.methods or ():
            if operation := path.get(method.lower()):
                _complete(operation, dependant, changes=method.lower() not in _READING)
    return schema


def _complete(operation: dict[str, Any], dependant: Dependant, *, changes: bool) -> None:
    responses = operation.setdefault("responses", {})
    permissions, asked = permissions_of(dependant), set(_calls(dependant))
    headers = {parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "header"}
    in_path = any(parameter["in"] == "path" for parameter in operation.get("parameters", ()))
    in_address = in_path or any(parameter["in"] == "query" for parameter in operation.get("parameters", ()))
    wanted = [503] if permissions else []
    if "422" in responses or operation.get("requestBody"):
        wanted.append(422)
    if operation.get("requestBody"):
        wanted += [400, 413]
    if any(not permission.public for permission in permissions):
        # The account of a token may have been deleted since, or be in a state that allows no change.
        wanted += [401, 403, 404, *([409] if changes else [])]
        operation["security"] = [{"access_token": []}]
    elif permissions and changes:
        # Public routes are rate-limited.
        wanted.append(429)
    if perhaps_caller in asked:
        wanted += [401, 403]
        operation["security"] = [{}, {"access_token": []}]
    if in_path:
        wanted.append(404)
    if in_address:
        wanted.append(414)
    if headers:
        wanted.append(431)
    if required_key in asked:
        wanted += [409, 428]
        _require(operation, "Idempotency-Key", _KEY)
    if "If-Match" in headers:
        wanted += [412, 428]
    for status in wanted:
        # A route's own description of an error stands; FastAPI's 422 does not, since its shape is another.
        if str(status) not in responses or status == 422:
            responses[str(status)] = _refusal(status)
    if permissions:
        operation["x-permission"] = [permission.described() for permission in permissions]


def _require(operation: dict[str, Any], header: str, schema: dict[str, Any]) -> None:
    """Document that a header is required: FastAPI sees it as optional, because we answer for its absence ourselves."""
    for parameter in operation["parameters"]:
        if (parameter["in"], parameter["name"]) == ("header", header):
            parameter |= {"required": True, "schema": schema}


def _calls(dependant: Dependant) -> Iterator[Callable[..., Any] | None]:
    yield dependant.call
    for child in dependant.dependencies:
        yield from _calls(child)
