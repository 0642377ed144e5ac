"""Procedures (手続), which of them are online, and which may be filed together."""

from dataclasses import dataclass
from datetime import date

from shared.errors import Text
from shared.reference.codes import Procedure
from shared.reference.dated import Dated, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureRule(Dated):
    """One procedure. `online` is `yes`, `no`, or `with_main`: only together with a main application.

    `letter` is the procedure's letter in receipt numbers (half-width), empty where it gets none of its own.
    """

    code: Procedure
    name: Text
    article: str
    form: str
    online: str
    letter: str


def _row(
    code: Procedure, name: Text, article: str, form: str, online: str, letter: str, verify: bool = False
) -> ProcedureRule:
    return ProcedureRule(
        code=code,
        name=name,
        article=article,
        form=form,
        online=online,
        letter=letter,
        verify=verify,
        source=f"Immigration Control Act art. {article}{'; form number or letter not confirmed' if verify else ''}",
    )


# Only the letters E and C were seen on receipt numbers; the others are this project's choice, hence `verify`.
PROCEDURES = Table(
    "procedures",
    lambda row: row.code,
    [
        _row(
            Procedure.COE,
            Text("在留資格認定証明書交付申請", "Certificate of Eligibility"),
            "7-2",
            "別記第六号の三様式",
            "yes",
            "N",
            verify=True,
        ),
        _row(
            Procedure.CHANGE,
            Text("在留資格変更許可申請", "Change of status of residence"),
            "20",
            "別記第三十号様式",
            "yes",
            "C",
        ),
        _row(
            Procedure.EXTEND,
            Text("在留期間更新許可申請", "Extension of period of stay"),
            "21",
            "別記第三十号の二様式",
            "yes",
            "E",
        ),
        _row(
            Procedure.ACQUIRE,
            Text("在留資格取得許可申請", "Permission to acquire status of residence"),
            "22-2",
            "別記第三十六号様式",
            "yes",
            "A",
            verify=True,
        ),
        _row(
            Procedure.WORKCERT,
            Text("就労資格証明書交付申請", "Certificate of authorised employment"),
            "19-2",
            "別記第二十九号の五様式",
            "yes",
            "W",
            verify=True,
        ),
        _row(
            Procedure.REENTRY,
            Text("再入国許可申請", "Re-entry permit"),
            "26",
            "別記第四十号様式",
            "with_main",
            "",
            True,
        ),
        _row(
            Procedure.EXTRA_ACT,
            Text("資格外活動許可申請", "Permission for activity outside the status"),
            "19 (2)",
            "別記第二十八号様式",
            "with_main",
            "",
            True,
        ),
        _row(Procedure.PR, Text("永住許可申請", "Permanent residence"), "22", "別記第三十四号様式", "no", "P", True),
    ],
)
SECOND_GENERATION = date(2026, 1, 5)
MAIN_PROCEDURES = (Procedure.COE, Procedure.CHANGE, Procedure.EXTEND, Procedure.ACQUIRE, Procedure.WORKCERT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination(Dated):
    """A procedure that may be filed together with a main one, in one application."""

    main: Procedure
    added: Procedure


COMBINATIONS = Table(
    "combinations",
    lambda row: (row.main, row.added),
    [
        Combination(main=main, added=added, source="ISA guide: only together with CHANGE, EXTEND, ACQUIRE")
        for main in (Procedure.CHANGE, Procedure.EXTEND, Procedure.ACQUIRE)
        for added in (Procedure.REENTRY, Procedure.EXTRA_ACT)
    ]
    + [
        Combination(
            main=main,
            added=Procedure.WORKCERT,
            valid_from=SECOND_GENERATION,
            source="ISA bulk tools of CHANGE 2026-04-01 and EXTEND 2026-02-27: filed together since the system of 2026",
            verify=True,
        )
        for main in (Procedure.CHANGE, Procedure.EXTEND)
    ],
)


def is_online(procedure: str, day: date, *, together_with: str | None = None) -> bool:
    """Whether the procedure can be filed online: alone, or added to the main procedure `together_with`."""
    rule = PROCEDURES.get(day, procedure)
    if rule.online == "with_main":
        return together_with is not None and combination_allowed(together_with, procedure, day)
    return rule.online == "yes"


def combination_allowed(main: str, added: str, day: date) -> bool:
    """Whether `added` (REENTRY, EXTRA_ACT, WORKCERT) may be filed in one application with `main`."""
    return COMBINATIONS.find(day, (main, added)) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParallelRefusal(Dated):
    """A procedure that one person may not file as an application of its own while another one is pending."""

    pending: Procedure
    second: Procedure


# An extension beside a pending permanent-residence application is usual, because that one gives no special period.
PARALLEL_REFUSALS = Table(
    "parallel_refusals",
    lambda row: (row.pending, row.second),
    [
        ParallelRefusal(pending=code, second=code, source="Project rule: one open application of a kind for a person")
        for code in Procedure
    ],
)


def parallel_allowed(pending: str, second: str, day: date) -> bool:
    """Whether a person with an open application `pending` may open `second` as an application of its own."""
    return PARALLEL_REFUSALS.find(day, (pending, second)) is None
