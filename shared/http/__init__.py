"""The HTTP side that every service shares.

`create_app` puts it together. Routes take `Language`, `PageQuery`, `IfMatch` from here, `RequestMark` and `KeyedMark`
from `shared.http.marks`, `Caller`, `permit` and `public` from `shared.auth`.
"""

from shared.http.app import create_app
from shared.http.health import Check, Readiness
from shared.http.language import Language, PaperLanguage
from shared.http.openapi import api_routes, refusal_with, refusals, signed_body, unmarked_routes, upload_body
from shared.http.paging import Page, PageQuery, Paging
from shared.http.problems import ProblemBody, problem_response, request_id
from shared.http.validation import PlacedFieldProblem
from shared.http.versions import IfMatch, etag, expect, started_from
from shared.languages import Lang, negotiate
from shared.translations import say
from shared.words import Words, current_language

__all__ = [
    "Check",
    "IfMatch",
    "Lang",
    "Language",
    "Page",
    "PageQuery",
    "Paging",
    "PaperLanguage",
    "PlacedFieldProblem",
    "ProblemBody",
    "Readiness",
    "Words",
    "api_routes",
    "create_app",
    "current_language",
    "etag",
    "expect",
    "negotiate",
    "problem_response",
    "refusal_with",
    "refusals",
    "request_id",
    "say",
    "signed_body",
    "started_from",
    "unmarked_routes",
    "upload_body",
]
