"""Categories of organisations (カテゴリー), and how long a usage registration lasts."""

from dataclasses import dataclass
from datetime import date

from shared.errors import Text
from shared.reference.codes import Category
from shared.reference.dated import Dated, Table
from shared.reference.periods import add_months

CATEGORY_2_WITHHOLDING_YEN = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryRule(Dated):
    """The condition under which an organisation belongs to a category, and the proof of it."""

    code: Category
    definition: Text
    proof: Text


_SOURCE = "ISA list of categories for 技術・人文知識・国際業務"
CATEGORIES = Table(
    "categories",
    lambda row: row.code,
    [
        CategoryRule(
            code=Category.CAT1,
            definition=Text(
                "上場企業、相互会社、国・地方公共団体、独立行政法人、特殊法人・認可法人、公益法人、法人税法別表第１の公共法人、"
                "イノベーション創出企業、一定の条件を満たす企業等",
                "Listed company, mutual insurer, national or local government, incorporated agency, special "
                "or approved corporation, public-interest corporation, public corporation of the Corporation Tax Act, "
                "innovation-creating company, or company that meets certain conditions",
            ),
            proof=Text("四季報の写し、上場証明、設立許可書等", "Listing proof, establishment approval, or the like"),
            source=_SOURCE,
        ),
        CategoryRule(
            code=Category.CAT2,
            definition=Text(
                "給与所得の源泉徴収税額が1,000万円以上、又は在留申請オンラインシステムの利用申出が承認された機関",
                "Withholding tax on salaries of at least ¥10,000,000, or an approved usage registration",
            ),
            proof=Text(
                "受付印のある法定調書合計表、又は承認メール", "Stamped withholding summary, or the approval email"
            ),
            source=_SOURCE,
        ),
        CategoryRule(
            code=Category.CAT3,
            definition=Text(
                "前年分の法定調書合計表を提出した機関（カテゴリー２を除く）",
                "Submitted the withholding summary for the previous year, and is not in category 2",
            ),
            proof=Text("法定調書合計表の写し", "Copy of the withholding summary"),
            source=_SOURCE,
        ),
        CategoryRule(
            code=Category.CAT4,
            definition=Text("上記のいずれにも該当しない機関", "None of the others"),
            proof=Text("なし", "None"),
            source=_SOURCE,
        ),
    ],
)


def proven_category(*, listed_or_public: bool, withholding_yen: int | None) -> Category:
    """The category that an organisation can prove. `withholding_yen` is None without a withholding summary.

    Without any proof it is category 4.
    """
    if listed_or_public:
        return Category.CAT1
    if withholding_yen is None:
        return Category.CAT4
    return Category.CAT2 if withholding_yen >= CATEGORY_2_WITHHOLDING_YEN else Category.CAT3


def treated_as(category: str, *, registration_approved: bool, report_approved: bool) -> Category:
    """The category whose documents are asked: 3 with an approved usage registration (利用申出), and 4 with an approved
    periodic report (定期報告), are treated as 2.

    Both count only while they are in force. Source: ISA guide for online applications.
    """
    own = Category(category)
    if own is Category.CAT3 and (registration_approved or report_approved):
        return Category.CAT2
    if own is Category.CAT4 and report_approved:
        return Category.CAT2
    return own


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationTerm(Dated):
    """The length of an approved usage registration or periodic report, and when its holder is reminded."""

    code: str = "usage_registration"
    months: int
    reminder_months_before: int = 2
    report_due_months_before: int = 1


REGISTRATION_TERMS = Table(
    "registration_terms",
    lambda row: row.code,
    [
        RegistrationTerm(months=12, source="ISA guide: 1 year from the day the password is set"),
        RegistrationTerm(
            months=36,
            valid_from=date(2026, 1, 1),
            source="ISA notice on the 2026-01 system: in principle 3 years; earlier approvals are not prolonged",
            verify=True,
        ),
    ],
)


@dataclass(frozen=True, slots=True)
class RegistrationValidity:
    """The days of one registration: its last day, when to remind, and until when the report is due."""

    valid_until: date
    remind_on: date
    report_due_on: date


def registration_validity(approved_on: date, starts_on: date | None = None) -> RegistrationValidity:
    """The days of a registration approved on `approved_on`, counted from `starts_on` (default: the approval).

    `starts_on` is the day the password is set; for a periodic report it is the last day of the present term.
    """
    term = REGISTRATION_TERMS.get(approved_on, "usage_registration")
    last = add_months(starts_on or approved_on, term.months)
    return RegistrationValidity(
        valid_until=last,
        remind_on=add_months(last, -term.reminder_months_before),
        report_due_on=add_months(last, -term.report_due_months_before),
    )


@dataclass(frozen=True, slots=True)
class ReportWindow:
    """The days on which the periodic report (定期報告) of a registration that ends on `closes_on` may be submitted.

    From `opens_on` (the reminder) to `closes_on`; after `due_on` it may come too late to be accepted in time.
    """

    opens_on: date
    due_on: date
    closes_on: date


def report_window(valid_until: date, today: date) -> ReportWindow:
    """The window for the periodic report of a registration that ends on `valid_until`."""
    term = REGISTRATION_TERMS.get(today, "usage_registration")
    return ReportWindow(
        opens_on=add_months(valid_until, -term.reminder_months_before),
        due_on=add_months(valid_until, -term.report_due_months_before),
        closes_on=valid_until,
    )
