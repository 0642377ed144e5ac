"""The access to records: every cell of role, office and record, over all services, by HTTP.

The table is written once more by hand, apart from the one that the services read (`shared/auth/access.py`).
"""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from services.registration.officers.commands.creation import create_officer
from shared.auth import OFFICER_ROLES, Actor, Role
from shared.http import api_routes
from shared.ids import new_id
from tests.cases.world import World, for_record, opened
from tests.guards.sources import WITH_DATABASE
from tests.guards.test_route_permissions import build
from tests.infra.databases import Databases
from tests.services.registration.life import report
from tests.services.registration.site import PASSWORD, REQUIREMENTS, submission
from tests.services.review.test_permissions import MATRIX as CASE_ROUTES
from tests.support import tokens

COLUMNS = ("reception", "examiner", "chief", "card", "approval", "operator", "auditor", "admin")
ROLES = (
    Role.RECEPTION,
    Role.EXAMINER,
    Role.CHIEF_EXAMINER,
    Role.CARD_OFFICE,
    Role.USER_APPROVAL,
    Role.OPERATOR,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)
PEOPLE = ("owner", "colleague", "other role", "stranger", "nobody")

# For each record (as `World.ids` names it): what an officer of each role is answered, `own office/another office` (one
# status where it makes no difference), and what people are. `-`: not asked, because it would change the record.
#
#                                     reception examiner chief   card    approval operator auditor admin
MATRIX = """
GET /v1/applications/{}
  draft                             | 404     404     404     404     403     403     403     403 | 200 200 404 404 401
  filed                             | 200/404 200/404 200/404 200/404 403     403     403     403 | 200 200 404 404 401
  elsewhere                         | 404/200 404/200 404/200 404/200 403     403     403     403 | 200 200 404 404 401
GET /v1/documents/{}
  draft file                        | 404     404     404     404     404     403     403     403 | 200 200 404 404 401
  filed file                        | 200/404 200/404 200/404 200/404 404     403     403     403 | 200 200 404 404 401
  filed photo                       | 200/404 200/404 200/404 200/404 404     403     403     403 | 200 200 404 404 401
  elsewhere file                    | 404/200 404/200 404/200 404/200 404     403     403     403 | 200 200 404 404 401
  registration draft file           | 404     404     404     404     404     403     403     403 | 404 404 404 404 401
  registration file                 | 404     404     404     404     200/404 403     403     403 | 404 404 404 404 401
  report file                       | 404     404     404     404     200/404 403     403     403 | 404 404 404 404 401
GET /v1/documents/by-application/{}
  draft                             | 404     404     404     404     403     403     403     403 | 403 403 403 403 401
  filed                             | 200/404 200/404 200/404 200/404 403     403     403     403 | 403 403 403 403 401
  elsewhere                         | 404/200 404/200 404/200 404/200 403     403     403     403 | 403 403 403 403 401
GET /v1/documents/{}/link
  draft file                        | 404     404     404     404     404     403     403     403 | 200 200 404 404 401
  filed file                        | 200/404 200/404 200/404 200/404 404     403     403     403 | 200 200 404 404 401
  elsewhere photo                   | 404/200 404/200 404/200 404/200 404     403     403     403 | 200 200 404 404 401
  registration draft file           | 404     404     404     404     404     403     403     403 | 404 404 404 404 401
  registration file                 | 404     404     404     404     200/404 403     403     403 | 404 404 404 404 401
  report file                       | 404     404     404     404     200/404 403     403     403 | 404 404 404 404 401
GET /v1/documents/{}/preview
  draft file                        | 404     404     404     404     404     403     403     403 | 200 200 404 404 401
  filed file                        | 200/404 200/404 200/404 200/404 404     403     403     403 | 200 200 404 404 401
  elsewhere photo                   | 404/200 404/200 404/200 404/200 404     403     403     403 | 200 200 404 404 401
  registration draft file           | 404     404     404     404     404     403     403     403 | 404 404 404 404 401
  registration file                 | 404     404     404     404     200/404 403     403     403 | 404 404 404 404 401
  report file                       | 404     404     404     404     200/404 403     403     403 | 404 404 404 404 401
PATCH /v1/documents/{}
  draft file                        | 403     403     403     403     403     403     403     403 | 200 200 404 404 401
  filed file                        | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
DELETE /v1/documents/{}
  draft file                        | 403     403     403     403     403     403     403     403 | -   -   404 404 401
  filed file                        | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
GET /v1/uploads/{}
  upload                            | 403     403     403     403     403     403     403     403 | 200 200 404 404 401
DELETE /v1/uploads/{}
  upload                            | 403     403     403     403     403     403     403     403 | -   -   404 404 401
POST /v1/documents/{}/repair
  draft file                        | 403     403     403     403     403     403     403     403 | 404 404 404 404 401
  filed file                        | 403     403     403     403     403     403     403     403 | 404 404 404 404 401
POST /v1/documents/{}/copies
  draft file                        | 403     403     403     403     403     403     403     403 | 422 422 404 404 401
  filed file                        | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
POST /v1/documents/{}/crop
  draft file                        | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
  filed file                        | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
GET /v1/archives/{}
  archive                           | 403     403     403     403     403     403     403     403 | 200 200 404 403 401
GET /v1/archives/{}/entries
  archive                           | 403     403     403     403     403     403     403     403 | 200 200 404 403 401
GET /v1/cases/{}
  filed case                        | 403     200/404 200/404 200/404 403     403     200     403 | 403 403 403 403 401
  elsewhere case                    | 403     404/200 404/200 404/200 403     403     200     403 | 403 403 403 403 401
GET /v1/cases/{}/file
  filed case                        | 403     200/404 200/404 200/404 403     403     200     403 | 403 403 403 403 401
  elsewhere case                    | 403     404/200 404/200 404/200 403     403     200     403 | 403 403 403 403 401
GET /v1/cases/{}/timeline
  filed case                        | 403     200/404 200/404 200/404 403     403     200     403 | 403 403 403 403 401
GET /v1/cases/by-application/{}
  filed                             | 403     200/404 200/404 200/404 403     403     200     403 | 403 403 403 403 401
  draft                             | 403     404     404     404     403     403     404     403 | 403 403 403 403 401
GET /v1/notices/{}
  filed                             | 403     403     403     403     403     403     403     403 | 200 200 404 404 401
  draft                             | 403     403     403     403     403     403     403     403 | 404 404 404 404 401
GET /v1/payments/{}
  filed                             | 403     403     403     403     403     403     403     403 | 200 200 404 404 401
  draft                             | 403     403     403     403     403     403     403     403 | 404 404 404 404 401
POST /v1/payments/{}
  filed                             | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
GET /v1/visits/{}
  filed                             | 403     403     403     403     403     403     403     403 | 200 200 404 404 401
PUT /v1/visits/{}
  filed                             | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
GET /v1/usage-registrations/{}
  registration                      | 404     404     404     404     200/404 404     404     404 | 200 404 200 404 401
  registration draft                | 404     404     404     404     404     404     404     404 | 404 404 404 404 401
GET /v1/usage-registrations/{}/requirements
  registration                      | 403     403     403     403     200/404 403     403     403 | 403 403 403 403 401
POST /v1/usage-registrations/{}/approve
  registration                      | 403     403     403     403     422/404 403     403     403 | 403 403 403 403 401
POST /v1/usage-registrations/{}/return
  registration                      | 403     403     403     403     -/404   403     403     403 | 403 403 403 403 401
POST /v1/usage-registrations/{}/reject
  registration                      | 403     403     403     403     -/404   403     403     403 | 403 403 403 403 401
GET /v1/usage-registration-drafts/{}
  registration draft                | 404     404     404     404     404     404     404     404 | 200 404 200 404 404
GET /v1/usage-registration-drafts/{}/check
  registration draft                | 404     404     404     404     404     404     404     404 | 200 404 200 404 404
PUT /v1/usage-registration-drafts/{}
  registration draft                | 404     404     404     404     404     404     404     404 | -   404 -   404 404
DELETE /v1/usage-registration-drafts/{}
  registration draft                | 404     404     404     404     404     404     404     404 | -   404 -   404 404
POST /v1/usage-registration-drafts/{}/submit
  registration draft                | 404     404     404     404     404     404     404     404 | -   404 -   404 404
POST /v1/usage-registration-drafts/{}/upload-token
  registration draft                | 404     404     404     404     404     404     404     404 | 200 404 200 404 404
POST /v1/usage-registrations/{}/upload-token
  registration                      | 404     404     404     404     404     404     404     404 | 409 404 409 404 404
POST /v1/usage-registrations/{}/resubmit
  registration                      | 404     404     404     404     404     404     404     404 | 409 404 409 404 404
GET /v1/periodic-reports/{}
  report                            | 404     404     404     404     200/404 404     404     404 | 200 200 404 404 401
POST /v1/periodic-reports/{}/approve
  report                            | 403     403     403     403     422/404 403     403     403 | 403 403 403 403 401
POST /v1/periodic-reports/{}/return
  report                            | 403     403     403     403     -/404   403     403     403 | 403 403 403 403 401
POST /v1/periodic-reports/{}/reject
  report                            | 403     403     403     403     -/404   403     403     403 | 403 403 403 403 401
POST /v1/periodic-reports/{}/resubmit
  report                            | 403     403     403     403     403     403     403     403 | 409 404 404 403 401
GET /v1/organisations/{}
  organisation                      | 403     403     403     403     200/404 403     200     403 | 200 200 200 404 401
GET /v1/organisations/{}/record
  organisation                      | 403     200     200     403     200/404 403     200     403 | 403 403 403 403 401
GET /v1/organisations/{}/colleagues
  organisation                      | 403     403     403     403     403     403     403     403 | 200 200 200 404 401
POST /v1/organisations/{}/category-proofs
  organisation                      | 403     403     403     403     201/404 403     403     403 | 403 403 403 403 401
GET /v1/accounts/{}
  account                           | 403     403     403     403     200/404 403     403     403 | 403 403 403 403 401
PUT /v1/applications/{}/form
  draft                             | 403     403     403     403     403     403     403     403 | -   -   404 404 401
  filed                             | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
PATCH /v1/applications/{}
  draft                             | 403     403     403     403     403     403     403     403 | -   -   404 404 401
  filed                             | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
DELETE /v1/applications/{}
  draft                             | 403     403     403     403     403     403     403     403 | -   -   404 404 401
  filed                             | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
POST /v1/applications/{}/owner
  draft                             | 403     403     403     403     403     403     403     403 | -   -   404 404 401
  filed                             | 403     403     403     403     403     403     403     403 | -   -   404 404 401
POST /v1/applications/{}/copies
  draft                             | 403     403     403     403     403     403     403     403 | -   -   404 404 401
PUT /v1/applications/{}/documents
  draft                             | 403     403     403     403     403     403     403     403 | -   -   404 404 401
GET /v1/applications/{}/check
  draft                             | 403     403     403     403     403     403     403     403 | 200 200 404 404 401
POST /v1/applications/{}/submit
  draft                             | 403     403     403     403     403     403     403     403 | 422 422 404 404 401
POST /v1/applications/{}/withdraw
  filed                             | 403     403     403     403     403     403     403     403 | -   -   404 404 401
POST /v1/applications/{}/card-materials
  filed                             | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
POST /v1/applications/{}/requested-documents
  filed                             | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
POST /v1/applications/{}/requested-documents/more-time
  filed                             | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
GET /v1/applications/{}/receipt
  draft                             | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
  filed                             | 403     403     403     403     403     403     403     403 | 200 200 404 404 401
GET /v1/applications/{}/proof
  draft                             | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
  filed                             | 403     403     403     403     403     403     403     403 | 200 200 404 404 401
GET /v1/applications/{}/certificate
  filed                             | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
GET /v1/applications/{}/certificate/file
  draft                             | 404     404     404     404     403     403     403     403 | 409 409 404 404 401
  filed                             | 409/404 409/404 409/404 409/404 403     403     403     403 | 409 409 404 404 401
GET /v1/applications/{}/designation/file
  draft                             | 404     404     404     404     403     403     403     403 | 409 409 404 404 401
  filed                             | 409/404 409/404 409/404 409/404 403     403     403     403 | 409 409 404 404 401
POST /v1/applications/{}/certificate/receipt
  filed                             | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
POST /v1/applications/{}/certificate/links
  filed                             | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
GET /v1/applications/{}/timeline
  filed                             | 403     403     403     403     403     403     403     403 | 200 200 404 404 401
GET /v1/applications/{}/requested-documents
  draft                             | 404     404     404     404     403     403     403     403 | 200 200 404 404 401
  filed                             | 200/404 200/404 200/404 200/404 403     403     403     403 | 200 200 404 404 401
PUT /v1/applications/{}/requested-documents
  filed                             | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
GET /v1/applications/{}/corrections
  draft                             | 404     404     404     404     403     403     403     403 | 200 200 404 404 401
  filed                             | 200/404 200/404 200/404 200/404 403     403     403     403 | 200 200 404 404 401
POST /v1/applications/{}/corrections
  draft                             | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
POST /v1/applications/{}/contact
  draft                             | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
POST /v1/applications/{}/address
  draft                             | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
GET /v1/applications/{}/address
  draft                             | 404     404     404     404     403     403     403     403 | 404 404 404 404 401
  filed                             | 200/404 200/404 200/404 200/404 403     403     403     403 | 200 200 404 404 401
GET /v1/applications/{}/background
  draft                             | 404     404     404     404     403     403     403     403 | 403 403 403 403 401
  filed                             | 200/404 200/404 200/404 200/404 403     403     403     403 | 403 403 403 403 401
GET /v1/applications/{}/case-file
  draft                             | 404     404     404     404     403     403     403     403 | 403 403 403 403 401
  filed                             | 200/404 200/404 200/404 200/404 403     403     403     403 | 403 403 403 403 401
  elsewhere                         | 404/200 404/200 404/200 404/200 403     403     403     403 | 403 403 403 403 401
GET /v1/applications/{}/expectation
  filed                             | 403     403     403     403     403     403     403     403 | 200 200 404 404 401
GET /v1/applications/{}/others
  filed                             | 403     403     403     403     403     403     403     403 | 200 200 404 404 401
GET /v1/applications/{}/after-grant
  filed                             | 403     403     403     403     403     403     403     403 | 409 409 404 404 401
GET /v1/filters/{}
  own filter                        | 403     403     403     403     403     403     403     403 | 200 404 404 404 401
  shared filter                     | 403     403     403     403     403     403     403     403 | 200 200 404 404 401
PUT /v1/filters/{}
  own filter                        | 403     403     403     403     403     403     403     403 | -   404 404 404 401
  shared filter                     | 403     403     403     403     403     403     403     403 | -   -   404 404 401
DELETE /v1/filters/{}
  own filter                        | 403     403     403     403     403     403     403     403 | -   404 404 404 401
  shared filter                     | 403     403     403     403     403     403     403     403 | -   -   404 404 401
GET /v1/imports/{}
  import                            | 403     403     403     403     403     403     403     403 | 200 200 404 403 401
GET /v1/imports/{}/rows
  import                            | 403     403     403     403     403     403     403     403 | 200 200 404 403 401
GET /v1/imports/{}/workbook
  import                            | 403     403     403     403     403     403     403     403 | 409 409 404 403 401
GET /v1/imports/{}/receipts
  import                            | 403     403     403     403     403     403     403     403 | 409 409 404 403 401
POST /v1/imports/{}/files
  import                            | 403     403     403     403     403     403     403     403 | 409 409 404 403 401
POST /v1/imports/{}/check
  import                            | 403     403     403     403     403     403     403     403 | 409 409 404 403 401
POST /v1/imports/{}/confirm
  import                            | 403     403     403     403     403     403     403     403 | 409 409 404 403 401
POST /v1/imports/{}/submit
  import                            | 403     403     403     403     403     403     403     403 | 409 409 404 403 401
DELETE /v1/imports/{}
  import                            | 403     403     403     403     403     403     403     403 | 409 409 404 403 401
GET /v1/notifications
  -                                 | 403     403     403     403     403     200     200     403 | 200 200 200 200 401
GET /v1/registration/operations/audit
  -                                 | 403     403     403     403     403     403     200     403 | 403 403 403 403 401
GET /v1/registration/operations/audit/verification
  -                                 | 403     403     403     403     403     403     200     403 | 403 403 403 403 401
GET /v1/application/operations/audit
  -                                 | 403     403     403     403     403     403     200     403 | 403 403 403 403 401
GET /v1/application/operations/audit/verification
  -                                 | 403     403     403     403     403     403     200     403 | 403 403 403 403 401
GET /v1/document/operations/audit
  -                                 | 403     403     403     403     403     403     200     403 | 403 403 403 403 401
GET /v1/document/operations/audit/verification
  -                                 | 403     403     403     403     403     403     200     403 | 403 403 403 403 401
GET /v1/review/operations/audit
  -                                 | 403     403     403     403     403     403     200     403 | 403 403 403 403 401
GET /v1/review/operations/audit/verification
  -                                 | 403     403     403     403     403     403     200     403 | 403 403 403 403 401
GET /v1/notification/operations/audit
  -                                 | 403     403     403     403     403     403     200     403 | 403 403 403 403 401
GET /v1/notification/operations/audit/verification
  -                                 | 403     403     403     403     403     403     200     403 | 403 403 403 403 401
"""
_RETURN = {"items": [{"code": "UA_PLEDGE", "message": "x"}]}
_REASON = {"reason_code": "x", "reason": "x"}
BODIES: dict[str, Any] = {
    "POST /v1/usage-registrations/{}/approve": {"requirements": {}},
    "POST /v1/periodic-reports/{}/approve": {"requirements": {}},
    "POST /v1/usage-registrations/{}/return": _RETURN,
    "POST /v1/periodic-reports/{}/return": _RETURN,
    "POST /v1/usage-registrations/{}/reject": _REASON,
    "POST /v1/periodic-reports/{}/reject": _REASON,
    "POST /v1/usage-registrations/{}/resubmit": {"receipt_number": "東利申26-000123-5"} | submission(),
    "POST /v1/periodic-reports/{}/resubmit": report(),
    "POST /v1/usage-registrations/{}/upload-token": {},
    "POST /v1/organisations/{}/category-proofs": {"listed_or_public": False, "withholding_yen": 12_000_000},
    "PUT /v1/usage-registration-drafts/{}": {"role": "org_staff"},
    "PUT /v1/applications/{}/form": {"form": {}},
    "PATCH /v1/applications/{}": {"form": {}},
    "PUT /v1/filters/{}": {"name": "x", "query": {}},
    "POST /v1/applications/{}/copies": {},
    "PUT /v1/applications/{}/documents": {"documents": []},
    "POST /v1/documents/{}/repair": {"own_file": True},
    "PATCH /v1/documents/{}": {"file_name": "x.pdf"},
    "POST /v1/documents/{}/crop": {},
    "POST /v1/documents/{}/copies": {"codes": ["pdf-scan-fine"]},
    "POST /v1/applications/{}/submit": {"declarations": {"intent_confirmed": True, "truth_confirmed": True}},
    "POST /v1/applications/{}/withdraw": {"reason": "x"},
    "POST /v1/applications/{}/certificate/links": {"email": "an.nguyen@example.com", "language": "ja"},
    "POST /v1/imports/{}/submit": {"declarations": {"intent_confirmed": True, "truth_confirmed": True}},
    "POST /v1/imports/{}/confirm": {"application_id": str(new_id()), "pointer": "/form/tel"},
    "POST /v1/imports/{}/files": {"files": [{"key": "E-1", "document_id": str(new_id())}]},
    "POST /v1/applications/{}/requested-documents": {"request_id": str(new_id()), "documents": []},
    "POST /v1/applications/{}/requested-documents/more-time": {
        "request_id": str(new_id()),
        "wanted_on": "2027-01-15",
        "reason": "x",
    },
    "POST /v1/applications/{}/corrections": {"form": {"occupation": "x"}, "reason": "x"},
    "POST /v1/applications/{}/contact": {"email": "an.nguyen@example.com", "language": "ja"},
    "POST /v1/applications/{}/address": {"address": "東京都港区港南1-1", "lives_there_from": "2026-12-01"},
    "PUT /v1/applications/{}/requested-documents": {"request_id": str(new_id()), "place": 0, "why_not": "x"},
    "POST /v1/payments/{}": {"method": "bank"},
    "PUT /v1/visits/{}": {"starts_at": "2026-12-01T09:00:00+09:00"},
    "POST /v1/applications/{}/card-materials": {
        "carrier": "letter_pack_plus",
        "tracking_number": "123456789012",
        "residence_card_enclosed": True,
    },
}

# Routes with an id of something else, and why they are not in the table.
ELSEWHERE = {
    r"/v1/accounts/me/.*": "one's own ways in: the account's by nature, found by the account of the session",
    r"/v1/accounts/\{account_id\}/.*": "below, with officers who have just signed in",
    r"/v1/examiners/.*": "an office's record of an officer: tests/services/review/test_allocation.py",
    r"/v1/officers/.*": "accounts of officers, of every office: tests/services/registration/test_officers.py",
    r"/v1/(password|email|address)-links/.*": "the secret of a link is the right",
    r"/v1/notifications/templates/.*": "sample data",
    r"/v1/postal-codes/.*": "the same for everybody",
    r"/v1/documents/\{document_id\}/search": "sees what `preview` shows: tests/services/document/test_previews.py",
    r"/v1/previews/.*": "the signature names the reader: tests/services/document/test_previews.py",
    r"/v1/(holds|erasures)/.*": "their maker's: tests/services/document/test_holds_and_erasures.py",
    r"/v1/payment-desk/.*": "steps of the card office: tests/services/review/test_online_payment.py",
    r"/v1/inbox/contacts/.*": "who acts for the owner: tests/services/notification/test_contacts.py",
    r"/v1/inbox/.*": "the account's own: tests/services/notification/test_inbox.py, test_audiences.py",
    r"/v1/unsubscribe/.*": "the signed link of a mail is the right: tests/services/notification/test_leaving.py",
    r"/v1/applications/\{application_id\}/certificate/links/.*": "tests/services/application/test_certificates.py",
    r"/v1/certificate-links/.*": "the secret of a link is the right: tests/services/application/test_certificates.py",
    r"/v1/card-desk/.*": "batches of one office: tests/services/review/test_card_desk.py",
    r"/v1/proofs/.*": "the signature of the code is the right: tests/services/application/test_proofs.py",
    r"/v1/imports/\{import_id\}/events": "a stream: tests/services/application/test_imports.py",
    r"/v1/forms/\{version\}(/template|/example)?": "the same for anybody: tests/services/application/test_offer.py",
    r"/v1/[a-z]+/operations/letter.*": "operators who proved who they are: tests/operations/test_letters.py",
    r"/v1/gateways/.*": "the gateway alone, by its key: tests/services/registration/test_gateways.py",
    r"/v1/registration/operations/blocks/.*": "the same: tests/services/registration/test_blocks.py",
    r"/v1/[a-z]+/operations/(snapshots|rebuilds)/.*": "the same: tests/operations/test_copies.py",
    r"/v1/[a-z]+/operations/applications.*": "the same: tests/following/test_service.py",
    r"/v1/webhooks/.*": "an owner's in one role: tests/services/notification/test_webhooks.py",
    r"/v1/notifications/undeliverable-addresses/.*": "operators: tests/services/notification/test_bounces.py",
    r"/v1/broadcasts/.*": "operators', of no office: tests/services/notification/test_broadcasts.py",
    r"/v1/notifications/\{notification_id\}(/resend)?": "operators, and auditors who read alone: "
    "tests/services/notification/test_api.py",
}


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    route: str
    record: str
    officers: dict[Role, tuple[str, str]]
    people: dict[str, str]

    @property
    def name(self) -> str:
        return f"{self.route} {self.record}"


def _rows() -> Iterator[Row]:
    route = ""
    for line in MATRIX.strip().splitlines():
        if not line.startswith(" "):
            route = line.strip()
            continue
        record, officers, people = (part.strip() for part in line.split("|"))
        cells = [(cell.split("/") * 2)[:2] for cell in officers.split()]
        assert len(cells) == len(ROLES), line
        by_role = {role: (own, other) for role, (own, other) in zip(ROLES, cells, strict=True)}
        yield Row(route, record, by_role, dict(zip(PEOPLE, people.split(), strict=True)))


def _steps() -> Iterator[Row]:
    """The steps of a case: its roles at its own office (the answer is the flow's), 404 for them at another one."""
    for route, (roles, body) in CASE_ROUTES.items():
        plain = re.sub(r"\{[^}]+\}", "{}", route)
        if not route.startswith("POST") or "{" not in route:
            continue
        BODIES[plain] = body
        cells = {role: ("-", "404") if role in roles else ("403", "403") for role in ROLES}
        yield Row(plain, "filed case", cells, dict.fromkeys(PEOPLE, "403") | {"nobody": "401"})


ROWS = [*_rows(), *_steps()]
SERVICE_OF = {
    "applications": "application",
    "imports": "application",
    "application": "application",
    "filters": "application",
    "documents": "document",
    "archives": "document",
    "uploads": "document",
    "document": "document",
    "cases": "review",
    "notices": "review",
    "payments": "review",
    "examiners": "review",
    "visits": "review",
    "review": "review",
    "notifications": "notification",
    "notification": "notification",
}


@pytest.fixture(scope="module")
async def world(databases: Databases, object_store: S3Server) -> AsyncIterator[World]:
    with databases.lent() as new:
        async with opened(new, object_store) as found:
            yield found


def people(world: World) -> dict[str, Actor | None]:
    """The owner and those who are not: a colleague, the same person in another role, somebody else, nobody."""
    return {
        "owner": world.owner,
        "colleague": replace(world.owner, id=new_id(), session_id=new_id()),
        "other role": replace(world.owner, roles=frozenset({Role.SUPERVISING_ORG_STAFF})),
        "stranger": tokens.person(Role.SELF),
        "nobody": None,
    }


async def ask(world: World, row: Row, actor: Actor | None, record_id: str) -> tuple[int, Any]:
    method, path = row.route.split(" ")
    service = SERVICE_OF.get(path.split("/")[2], "registration")
    answer = await world.ask(actor, service, method, path.replace("{}", record_id), json=BODIES.get(row.route))
    is_json = answer.headers.get("Content-Type", "").endswith("json")
    return answer.status_code, answer.json() if is_json else None


def without_id(problem: Any) -> Any:
    return {name: value for name, value in problem.items() if name != "request_id"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_every_officer_gets_what_the_table_says(world: World, row: Row) -> None:
    """[attacks F6, newcomers S2-33] Role and office decide; what is not seen looks like what is not there."""
    record_id = world.ids.get(row.record, "")
    got, wanted, answers = {}, {}, []
    for role, cells in row.officers.items():
        for office, cell in zip(("TYO", "OSA"), cells, strict=True):
            if cell == "-":
                continue
            actor = tokens.officer(role, office=office)
            status, body = await ask(world, row, actor, record_id)
            got[role, office], wanted[role, office] = status, int(cell)
            if status == 404 and office == "OSA":
                answers.append((without_id(body), without_id((await ask(world, row, actor, str(new_id())))[1])))
            if status == 200 and row.route.startswith("GET") and _personal(row):
                service = SERVICE_OF.get(row.route.split("/")[2], "registration")
                assert actor.id is not None
                shown = len(body) if isinstance(body, list) else 1
                assert await world.looks(service, actor.id) == shown, f"{role} looked, and the journal does not say so"
    assert got == wanted
    for hidden, missing in answers:
        assert hidden == missing


def _personal(row: Row) -> bool:
    """Whether a look is journalled: not at a checklist or an organisation, which name no person."""
    return not row.route.endswith("/requirements") and row.record != "organisation"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_people_get_what_the_table_says(world: World, row: Row) -> None:
    """[attacks F6, attacks F12] The owner in the role of the record, and nobody else."""
    record_id = world.ids.get(row.record, "")
    wanted = {name: int(cell) for name, cell in row.people.items() if cell != "-"}
    actors = people(world)
    got = {name: (await ask(world, row, actors[name], record_id))[0] for name in wanted}
    assert got == wanted


async def test_an_officer_without_an_office_sees_nothing(world: World) -> None:
    """[attacks F6] Also where the route admits the role."""
    for row in ROWS:
        if not row.route.startswith("GET") or "{}" not in row.route:
            continue
        for role, (own, _) in row.officers.items():
            if own == "200" and role is not Role.AUDITOR:
                actor = replace(tokens.officer(role), office=None)
                assert (await ask(world, row, actor, world.ids[row.record]))[0] == 404, row.name


QUEUES = (
    ("registration", "/v1/usage-registrations", "registration", Role.USER_APPROVAL),
    ("registration", "/v1/periodic-reports", "report", Role.USER_APPROVAL),
    ("review", "/v1/cases", "filed case", Role.EXAMINER),
)


@pytest.mark.parametrize(("service", "path", "record", "role"), QUEUES, ids=lambda value: str(value))
async def test_a_queue_holds_what_its_officer_may_open(
    world: World, service: str, path: str, record: str, role: Role
) -> None:
    """[newcomers S2-33] A record of Tokyo is in Tokyo's queue, and in no other one."""
    for office, there in (("TYO", True), ("OSA", False), ("NGY", False)):
        answer = await world.ask(tokens.officer(role, office=office), service, "GET", f"{path}?limit=100")
        assert answer.status_code == 200, answer.text
        items = answer.json()["items"]
        assert (world.ids[record] in {item["id"] for item in items}) is there
        assert {item["office"] for item in items} <= {office}
    number = "/v1/organisations?corporate_number=4011001098993"
    for office, count in (("TYO", 1), ("NGY", 0)):
        found = await world.ask(tokens.officer(Role.USER_APPROVAL, office=office), "registration", "GET", number)
        assert len(found.json()) == count


async def test_the_applicants_token_opens_the_files_of_a_registration(world: World) -> None:
    """[attacks F6] Before and after submission: the applicant's and, once submitted, the approval desk's."""
    for name in ("registration draft", "registration"):
        holder = for_record(UUID(world.ids[name]))
        assert (await world.ask(holder, "document", "GET", f"/v1/documents/{world.ids[f'{name} file']}")).is_success
        other = for_record(new_id())
        answer = await world.ask(other, "document", "GET", f"/v1/documents/{world.ids[f'{name} file']}")
        assert answer.status_code == 404


async def test_another_offices_desk_changes_nobodys_account_and_decides_nothing(world: World) -> None:
    """[newcomers S2-33] Officers who have just signed in: Nagoya's gets 404 everywhere, Tokyo's does not."""
    account = f"/v1/accounts/{world.ids['account']}"
    reason = {"reason_code": "terms_violated"}
    memberships = (await world.done(tokens.officer(Role.USER_APPROVAL), "registration", "GET", account))["memberships"]
    active = next(line["id"] for line in memberships if line["state"] == "active")
    asked = {
        f"{account}/suspend": (reason, 200),
        f"{account}/lift": (None, 200),
        f"{account}/close": (reason, 200),
        f"{account}/memberships/{active}/end": (reason, 200),
        f"/v1/usage-registrations/{world.ids['registration']}/approve": ({"requirements": REQUIREMENTS}, 200),
        f"/v1/periodic-reports/{world.ids['report']}/approve": ({"requirements": REQUIREMENTS}, 200),
    }
    desk = world.site.context
    made = [
        await create_officer(
            desk, login_id=f"desk.{office}", name=office, roles=[Role.USER_APPROVAL], office=office, password=PASSWORD
        )
        for office in ("NGY", "TYO")
    ]
    stranger, own = [await world.site.officer_signed_in(officer.account_id) for officer in made]
    for path, (body, _) in asked.items():
        answer = await world.ask(None, "registration", "POST", path, json=body, headers=stranger)
        assert answer.status_code == 404, path
    for path in (f"{account}/suspend", f"{account}/lift"):
        body, wanted = asked[path]
        answer = await world.ask(None, "registration", "POST", path, json=body, headers=own)
        assert answer.status_code == wanted, answer.text


@pytest.mark.parametrize("service", WITH_DATABASE)
async def test_every_route_with_an_id_is_in_the_table(service: str) -> None:
    """[attacks F6] A new route is decided about before it is served."""
    known = {row.route for row in ROWS}
    for context, _ in api_routes(build(service)):
        path = context.path_format or ""
        if "{" not in path or any(re.fullmatch(pattern, path) for pattern in ELSEWHERE):
            continue
        plain = re.sub(r"\{[^}]+\}", "{}", path)
        for method in context.methods or ():
            assert f"{method} {plain}" in known, f"{method} {path}: say in MATRIX who may, or in ELSEWHERE why not"


async def test_the_table_has_every_role_of_officers() -> None:
    """[attacks F6] A new role gets a column."""
    assert set(ROLES) == OFFICER_ROLES
    assert len(COLUMNS) == len(ROLES)
