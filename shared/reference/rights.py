"""Rights of user classes (利用者区分) to file procedures.

Role codes are those of `shared.auth.Role`.
"""

from dataclasses import dataclass
from datetime import date

from shared.reference.codes import Procedure
from shared.reference.dated import Dated, Table

RELATIVE_MAX_AGE = 16
SELF_MIN_AGE = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Right(Dated):
    """The right of one user class to file a procedure. Conditions that are not set do not restrict.

    `statuses` and `not_statuses` restrict the (wanted) status. `only_unable`: the applicant must be under 16 or
    unable to apply for illness or another cause. `min_age`: the applicant's age in years.
    """

    role: str
    procedure: Procedure
    statuses: frozenset[str] | None = None
    not_statuses: frozenset[str] = frozenset()
    only_unable: bool = False
    min_age: int = 0

    def allows(self, status: str | None, age: int | None, *, unable: bool) -> bool:
        """Whether the conditions hold; what is not known (None) is not held against the applicant."""
        if status is not None and (status in self.not_statuses or (self.statuses and status not in self.statuses)):
            return False
        if age is not None and age < self.min_age:
            return False
        return not self.only_unable or unable or (age is not None and age < RELATIVE_MAX_AGE)


_ONLINE = (
    Procedure.COE,
    Procedure.CHANGE,
    Procedure.EXTEND,
    Procedure.ACQUIRE,
    Procedure.WORKCERT,
    Procedure.EXTRA_ACT,
    Procedure.REENTRY,
)
_MATRIX = "ISA rights matrix 001369137 (individuals and professionals)"
_GUIDE = "ISA guide for organisations (people who belong to it); no official matrix is published"
_SUPERVISED = frozenset({"TITP1_B", "TITP2_B", "TITP3_B"})
_SSW = frozenset({"SSW1", "SSW2"})
_RELATIVE_COE = frozenset({"CULTURAL", "STUDENT", "DEPENDENT", "DESIGNATED", "SPOUSE_JP", "SPOUSE_PR", "LTR"})
_NOT_SELF = frozenset({"DIPLOMAT", "OFFICIAL", "TEMP_VISITOR"})


RIGHTS = Table(
    "rights",
    lambda row: (row.role, row.procedure),
    [
        *(Right(role=role, procedure=p, source=_MATRIX) for role in ("legal_rep", "lawyer_scrivener") for p in _ONLINE),
        *(
            Right(role="self", procedure=p, not_statuses=_NOT_SELF, min_age=SELF_MIN_AGE, source=_MATRIX)
            for p in _ONLINE
        ),
        # The printed list of statuses for which a relative may ask for a COE is cut off in the copy that was read.
        Right(
            role="relative",
            procedure=Procedure.COE,
            statuses=_RELATIVE_COE,
            source=f"{_MATRIX}, note 2: the list of statuses was read only in part",
            verify=True,
        ),
        *(
            Right(role="relative", procedure=p, only_unable=True, source=f"{_MATRIX}, note 3")
            for p in (Procedure.CHANGE, Procedure.EXTEND, Procedure.ACQUIRE, Procedure.REENTRY)
        ),
        *(Right(role="org_staff", procedure=p, not_statuses=_SUPERVISED, source=_GUIDE, verify=True) for p in _ONLINE),
        *(
            Right(role="supervising_org_staff", procedure=p, statuses=_SUPERVISED, source=_GUIDE, verify=True)
            for p in _ONLINE
        ),
        *(Right(role="public_interest_staff", procedure=p, source=_GUIDE, verify=True) for p in _ONLINE),
        *(
            Right(role="rso_staff", procedure=p, statuses=_SSW, source=f"{_GUIDE}; support of SSW only", verify=True)
            for p in _ONLINE
        ),
    ],
)


def may_file(
    role: str,
    procedure: str,
    day: date,
    *,
    status: str | None = None,
    age: int | None = None,
    unable: bool = False,
) -> bool:
    """Whether a user of this class may file the procedure, as far as the arguments decide it.

    `status` is the wanted status of residence, `age` the applicant's age in years on that day, `unable` that the
    applicant cannot apply for illness or another cause.
    """
    right = RIGHTS.find(day, (role, procedure))
    return right is not None and right.allows(status, age, unable=unable)
