"""All dated tables by name: for tests, the operator and the list of rules to verify."""

from typing import Any

from shared.reference.activities import ACTIVITIES
from shared.reference.after_grant import CARD_DESKS, PAYMENT_WAYS, SENT_ITEMS
from shared.reference.approval_requirements import APPROVAL_REQUIREMENTS
from shared.reference.caseloads import CASELOADS
from shared.reference.dated import Table
from shared.reference.deadlines import DEADLINES, FILING_WINDOWS
from shared.reference.declarations import DECLARATIONS
from shared.reference.document_groups import DOCUMENT_GROUPS
from shared.reference.document_types import DOCUMENT_TYPES
from shared.reference.documents import REQUIREMENTS
from shared.reference.endings import ENDINGS
from shared.reference.exclusions import EXCLUSIONS
from shared.reference.expiries import EXPIRIES
from shared.reference.fees import FEE_REDUCTIONS, FEES, PAYMENT_CHARGES
from shared.reference.files import FILE_LIMITS, PHOTO_AGES, PHOTO_RULES
from shared.reference.forms import ROW_LIMITS
from shared.reference.grant_conditions import CONDITION_CHOICES, GRANT_CONDITIONS
from shared.reference.job_words import JOB_WORDS
from shared.reference.officer_roles import ROLE_EXCLUSIONS
from shared.reference.offices import OFFICE_ADDRESSES, OFFICES
from shared.reference.organisations import CATEGORIES, REGISTRATION_TERMS
from shared.reference.passwords import PASSWORD_RULES
from shared.reference.permitted_periods import PERMITTED
from shared.reference.photo_ranges import PHOTO_RANGES
from shared.reference.points import PASS_MARKS, POINTS
from shared.reference.procedures import COMBINATIONS, PARALLEL_REFUSALS, PROCEDURES
from shared.reference.processing_times import AVERAGE_TIMES, STANDARD_TIMES, USUAL_TIMES
from shared.reference.request_texts import REQUEST_TEXTS
from shared.reference.rights import RIGHTS
from shared.reference.salary_floors import EQUAL_PAY, SALARY_FLOORS
from shared.reference.statuses import STATUSES
from shared.reference.usage_documents import USAGE_DOCUMENTS
from shared.reference.user_classes import USER_CLASSES

ALL: tuple[Table[Any], ...] = (
    PROCEDURES,
    COMBINATIONS,
    PARALLEL_REFUSALS,
    STATUSES,
    POINTS,
    PASS_MARKS,
    ACTIVITIES,
    EXCLUSIONS,
    PERMITTED,
    RIGHTS,
    FEES,
    PAYMENT_CHARGES,
    FEE_REDUCTIONS,
    CATEGORIES,
    REGISTRATION_TERMS,
    DOCUMENT_TYPES,
    DOCUMENT_GROUPS,
    REQUEST_TEXTS,
    REQUIREMENTS,
    FILE_LIMITS,
    PHOTO_RULES,
    PHOTO_RANGES,
    PHOTO_AGES,
    ROW_LIMITS,
    OFFICES,
    OFFICE_ADDRESSES,
    DECLARATIONS,
    DEADLINES,
    FILING_WINDOWS,
    STANDARD_TIMES,
    USUAL_TIMES,
    AVERAGE_TIMES,
    PASSWORD_RULES,
    USAGE_DOCUMENTS,
    APPROVAL_REQUIREMENTS,
    ROLE_EXCLUSIONS,
    USER_CLASSES,
    PAYMENT_WAYS,
    SENT_ITEMS,
    CARD_DESKS,
    CASELOADS,
    ENDINGS,
    SALARY_FLOORS,
    EQUAL_PAY,
    JOB_WORDS,
    EXPIRIES,
    GRANT_CONDITIONS,
    CONDITION_CHOICES,
)
