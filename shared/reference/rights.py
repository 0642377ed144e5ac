"""Rights of user classes (利用者区分) to file procedures.

Role codes are those of `shared.auth.Role`.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from shared.errors import Text
from shared.reference.activities import ACTIVITIES
from shared.reference.codes import Procedure
from shared.reference.dated import Dated, Table
from shared.reference.periods import Period

RELATIVE_MAX_AGE = 16
SELF_MIN_AGE = 15


@dataclass(frozen=True, slots=True)
class Circumstances:
    """An application as far as rights depend on it; what is not known (None) is not held against the applicant.

    `status` and `activity` are what is asked for, `age` is the applicant's in years. `unable`: the applicant cannot
    apply for illness or another cause. `stay` is the present period of stay, `entrusted` whether the whole support of
    a specified skilled worker is entrusted to a registered support organisation.
    """

    status: str | None = None
    activity: str | None = None
    age: int | None = None
    unable: bool = False
    stay: str | None = None
    entrusted: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Right(Dated):
    """The right of one user class to file a procedure. Conditions that are not set do not restrict.

    `statuses` and `not_statuses` restrict the (wanted) status, `notices` the numbers of the notice on 特定活動.
    `only_unable`: the applicant must be under 16 or unable to apply. `min_age`: the applicant's age in years.
    `longer_than`: the present period of stay is longer. `only_entrusted`: the whole support is entrusted.
    """

    role: str
    procedure: Procedure
    statuses: frozenset[str] | None = None
    not_statuses: frozenset[str] = frozenset()
    notices: frozenset[str] | None = None
    only_unable: bool = False
    min_age: int = 0
    longer_than: str | None = None
    only_entrusted: bool = False

    def objection(self, circumstances: Circumstances, day: date) -> Text | None:
        """The first condition that does not hold, in words; None where the right is there."""
        for holds, reason in (
            (self._has_status(circumstances.status), _STATUS),
            (self._has_notice(circumstances, day), _NOTICE),
            (circumstances.age is None or circumstances.age >= self.min_age, _AGE),
            (
                self.longer_than is None or circumstances.stay is None or _longer(circumstances.stay, self.longer_than),
                _SHORT_STAY,
            ),
            (
                not self.only_unable
                or circumstances.unable
                or (circumstances.age is not None and circumstances.age < RELATIVE_MAX_AGE),
                _ABLE,
            ),
            (not self.only_entrusted or circumstances.entrusted is not False, _NOT_ENTRUSTED),
        ):
            if not holds:
                return reason
        return None

    def _has_status(self, status: str | None) -> bool:
        if status is None:
            return True
        return status not in self.not_statuses and (self.statuses is None or status in self.statuses)

    def _has_notice(self, circumstances: Circumstances, day: date) -> bool:
        row = ACTIVITIES.find(day, (circumstances.status, circumstances.activity)) if circumstances.activity else None
        return self.notices is None or row is None or row.status != "DESIGNATED" or bool(self.notices & {*row.notices})


def _longer(stay: str, limit: str) -> bool:
    return not Period.parse(stay).fits_in(Period.parse(limit))


_NO_RIGHT = Text(
    "この利用者区分では、この手続を申請できません。申請人ご本人、又は取次ぎを依頼した弁護士・行政書士が申請してください。",
    "Your user class may not file this procedure: the applicant, or a lawyer or scrivener whom they engage, files it.",
)
_STATUS = Text(
    "この利用者区分では、この在留資格の申請ができません。申請人ご本人、又は弁護士・行政書士が申請するか、窓口で申請してください。",
    "Your user class may not file for this status: the applicant, a lawyer or a scrivener files it, or it is filed at "
    "the counter.",
)
_NOTICE = Text(
    "この利用者区分では、この特定活動の申請ができません。窓口で申請してください。",
    "Your user class may not file for these designated activities: please go to the counter.",
)
_AGE = Text(
    "{self_min_age}歳未満の方はご本人では申請できません。法定代理人（親権者等）が申請してください。",
    "A person under {self_min_age} does not file alone: the legal representative, such as a parent, files.",
).with_values(self_min_age=SELF_MIN_AGE)
_SHORT_STAY = Text(
    "３か月以下の在留期間の方はご本人ではオンラインで申請できません。窓口で申請してください。",
    "A person whose period of stay is three months or less cannot file online: please go to the counter.",
)
_ABLE = Text(
    "親族による申請は、申請人が{relative_max_age}歳未満、又は病気等により自ら申請できない場合に限ります。",
    "A relative may only file where the applicant is under {relative_max_age}, or "
    "cannot apply because of illness or the like.",
).with_values(relative_max_age=RELATIVE_MAX_AGE)
_NOT_ENTRUSTED = Text(
    "登録支援機関が申請できるのは、支援の全部を委託されている場合に限ります。所属機関が申請してください。",
    "A registered support organisation may only file where the whole support is entrusted to it: the organisation "
    "files.",
)
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
# Of 特定活動 a relative may ask for a COE under these numbers of the notice.
_RELATIVE_NOTICES = frozenset({"7", "18", "19", "23", "24", "30", "31", "33", "33の2", "34", "38", "39", "47", "52"})
_RELATIVE_COE = frozenset({"CULTURAL", "STUDENT", "DEPENDENT", "DESIGNATED", "SPOUSE_JP", "SPOUSE_PR", "LTR"})
_NOT_SELF = frozenset({"DIPLOMAT", "OFFICIAL", "TEMP_VISITOR"})


RIGHTS = Table(
    "rights",
    lambda row: (row.role, row.procedure),
    [
        *(Right(role=role, procedure=p, source=_MATRIX) for role in ("legal_rep", "lawyer_scrivener") for p in _ONLINE),
        *(
            Right(
                role="self",
                procedure=p,
                not_statuses=_NOT_SELF,
                min_age=SELF_MIN_AGE,
                longer_than="M3",
                source=f"{_MATRIX}; who gets no My Number card",
            )
            for p in _ONLINE
        ),
        # The printed list of statuses for which a relative may ask for a COE is cut off in the copy that was read.
        Right(
            role="relative",
            procedure=Procedure.COE,
            statuses=_RELATIVE_COE,
            notices=_RELATIVE_NOTICES,
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
            Right(
                role="rso_staff",
                procedure=p,
                statuses=_SSW,
                only_entrusted=True,
                source=f"{_GUIDE}; support of SSW only, where all of it is entrusted",
                verify=True,
            )
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
    """Whether a user of this class may file the procedure, as far as the arguments decide it (see `Circumstances`)."""
    return objection(role, procedure, day, Circumstances(status=status, age=age, unable=unable)) is None


@lru_cache(maxsize=4096)
def objection(role: str, procedure: str, day: date, circumstances: Circumstances) -> Text | None:
    """The reason why a user of this class may not file the procedure here, and who may; None where they may."""
    right = RIGHTS.find(day, (role, procedure))
    return _NO_RIGHT if right is None else right.objection(circumstances, day)
