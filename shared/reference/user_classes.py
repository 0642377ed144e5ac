"""The eight user classes (利用者区分): how each registers, with which proof, for whom it acts, and when it ends.

Role codes are those of `shared.auth.Role`. Documents are in `usage_documents`, what an officer confirms in
`approval_requirements`, what each class may file in `rights`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from shared.errors import Text
from shared.reference.dated import Dated, Table
from shared.reference.organisations import REGISTRATION_TERMS
from shared.reference.periods import add_months
from shared.reference.rights import RELATIVE_MAX_AGE, SELF_MIN_AGE

# `organisation`: with a usage registration (利用申出) for an organisation; `identity`: the person proves who they are
# at an identity provider (My Number card).
RegistersBy = Literal["organisation", "identity"]
ADULT = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class UserClass(Dated):
    """One user class.

    `examined`: an officer approves. `months`: how long a registration lasts; None: as `REGISTRATION_TERMS` says.
    `by_certificate`: it ends with the professional's certificate, if that is sooner. `minors_until`: it ends on the day
    before the represented person's birthday of that age. `relations`: what a representative is to whom they act for;
    empty where the class represents nobody by law or kinship. `min_age`: of the person who registers.
    """

    role: str
    name: Text
    acts_for: Text
    registers_by: RegistersBy
    examined: bool = True
    months: int | None = None
    by_certificate: bool = False
    minors_until: int | None = None
    relations: tuple[str, ...] = ()
    min_age: int = 0


_CLASSES = "ISA guide, user classes"
_STAFF = Text("自らの機関に所属する外国人", "Foreign nationals of the organisation")
_COMMISSIONED = Text(
    "誓約書に記載した機関に所属する外国人", "Foreign nationals of the organisations that commission it"
)
_TERM = f"{_CLASSES}; how long the registration of a person lasts is not published: taken as that of organisations"

USER_CLASSES = Table(
    "user_classes",
    lambda row: row.role,
    [
        UserClass(
            role="org_staff",
            name=Text("所属機関の職員", "Staff of an organisation"),
            acts_for=_STAFF,
            registers_by="organisation",
            source=_CLASSES,
        ),
        UserClass(
            role="supervising_org_staff",
            name=Text("監理団体の職員", "Staff of a supervising organisation"),
            acts_for=Text("団体監理型の技能実習生", "Technical interns whom it supervises"),
            registers_by="organisation",
            source=_CLASSES,
        ),
        UserClass(
            role="public_interest_staff",
            name=Text("公益法人の職員", "Staff of a public-interest corporation"),
            acts_for=_COMMISSIONED,
            registers_by="organisation",
            source=_CLASSES,
        ),
        UserClass(
            role="rso_staff",
            name=Text("登録支援機関の職員", "Staff of a registered support organisation"),
            acts_for=Text("支援の委託を受けている1号特定技能外国人", "Specified skilled workers whom it supports"),
            registers_by="organisation",
            source=_CLASSES,
        ),
        UserClass(
            role="lawyer_scrivener",
            name=Text("弁護士・行政書士", "Lawyer or administrative scrivener"),
            acts_for=Text("申請の取次ぎを依頼した外国人", "Foreign nationals who engage them"),
            registers_by="identity",
            months=36,
            by_certificate=True,
            source=f"{_CLASSES}; the 届出済証明書 is valid for 3 years",
        ),
        UserClass(
            role="self",
            name=Text("外国人本人", "The foreign national"),
            acts_for=Text("本人", "Themselves"),
            registers_by="identity",
            examined=False,
            min_age=SELF_MIN_AGE,
            source=_TERM,
            verify=True,
        ),
        UserClass(
            role="legal_rep",
            name=Text("法定代理人", "Legal representative"),
            acts_for=Text("親権に服する未成年者、被後見人", "Minors in their custody, and wards"),
            registers_by="identity",
            minors_until=ADULT,
            relations=("parent", "guardian_of_minor", "guardian_of_adult"),
            min_age=ADULT,
            source=f"{_TERM}; ends with the minority of whom they represent (Civil Code art. 4)",
            verify=True,
        ),
        UserClass(
            role="relative",
            name=Text("親族", "Relative"),
            acts_for=Text(
                "16歳未満の方、又は疾病その他の事由により自ら申請できない方",
                "Relatives under 16, or who cannot apply for illness or another cause",
            ),
            registers_by="identity",
            minors_until=RELATIVE_MAX_AGE,
            relations=("spouse", "child", "father", "mother"),
            min_age=SELF_MIN_AGE,
            source=f"{_TERM}; ends when whom they act for becomes 16",
            verify=True,
        ),
    ],
)


@dataclass(frozen=True, slots=True)
class Represented:
    """Somebody for whom a representative acts, as far as the term depends on it.

    `by_age`: because they are too young; otherwise (adult guardianship, illness) no birthday ends it.
    """

    birth_date: date
    by_age: bool


def user_class(role: str, day: date) -> UserClass:
    """The class that `role` names; raises `NotInRules`."""
    return USER_CLASSES.get(day, role)


def registration_end(
    role: str,
    approved_on: date,
    *,
    starts_on: date | None = None,
    certificate_until: date | None = None,
    represented: Sequence[Represented] = (),
) -> date:
    """The last day of a personal registration approved on `approved_on`, counted from `starts_on` (default: then).

    It may lie before `approved_on`: the certificate has run out, or everybody represented is too old.
    """
    row = user_class(role, approved_on)
    months = row.months or REGISTRATION_TERMS.get(approved_on, "usage_registration").months
    last = add_months(starts_on or approved_on, months)
    if row.by_certificate and certificate_until is not None:
        last = min(last, certificate_until)
    if row.minors_until is not None and represented and all(one.by_age for one in represented):
        last = min(last, max(day_before_birthday(one.birth_date, row.minors_until) for one in represented))
    return last


def day_before_birthday(birth_date: date, age: int) -> date:
    """The last whole day before the birthday of that age; who was born on 29 February has it on 1 March."""
    try:
        birthday = birth_date.replace(year=birth_date.year + age)
    except ValueError:
        birthday = date(birth_date.year + age, 3, 1)
    return birthday - timedelta(days=1)


def age_on(birth_date: date, day: date) -> int:
    """Age in whole years on `day`, counted by birthdays."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
