"""Type codes of the official tools: which application each stands for.

A code is the procedure (`01` COE, `04` EXTEND, `05` CHANGE), the section, and the variant: a number for the statuses of
the section, a letter for 高度専門職 by its main activity and point table.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from services.application.sheets.official_values import status_of

PROCEDURES: Mapping[str, str] = {"01": "COE", "05": "CHANGE", "04": "EXTEND"}
_NUMBERS = {procedure: number for number, procedure in PROCEDURES.items()}
# The statuses of a variant, each with its activity where it has several; a variant without a line is one of 高度専門職.
_STATUSES: Mapping[str, tuple[tuple[str, str | None], ...]] = {
    "I1": (("PROFESSOR", None),),
    "I2": (("INSTRUCTOR", None),),
    "J1": (("ARTIST", None),),
    "J2": (("CULTURAL", None),),
    "K1": (("RELIGIOUS", None),),
    "L1": (("JOURNALIST", None), ("ICT", None), ("RESEARCHER", "L3")),
    "M1": (("BUS_MGR", None),),
    "N1": (("RESEARCHER", "N1"), ("DESIGNATED", "N5")),
    "N2": (("ENG_HUM_INT", None), ("DESIGNATED", "N6")),
    "N3": (("SKILLED", None),),
    "N5": (("NURSING", None),),
    "O1": (("ENTERTAINER", None),),
    "P1": (("STUDENT", None),),
    "Q1": (("TRAINEE", None),),
    "R1": (("DEPENDENT", None), ("DESIGNATED", "R2"), ("DESIGNATED", "R3"), ("DESIGNATED", "EPA_FAMILY")),
    "T1": (("SPOUSE_JP", None),),
    "T2": (("SPOUSE_PR", None),),
    "T3": (("LTR", None),),
    "U1": (("MEDICAL", None),),
    "U2": (("OFFICIAL", None),),
    "U3": (("LEGAL_ACCT", None),),
    "U4": (("DESIGNATED", None),),
    "V1": (("SSW1", None), ("SSW2", None)),
    "Y1": tuple((status, None) for status in ("TITP1_A", "TITP1_B", "TITP2_A", "TITP2_B", "TITP3_A", "TITP3_B")),
}
# The main activities of a section in the order of their letters; each has one letter for each point table.
_ACTIVITIES: Mapping[str, tuple[str, ...]] = {
    "I": ("I1", "I2"),
    "J": ("J1",),
    "K": ("K1",),
    "L": ("L1", "L3", "L2"),
    "M": ("M1",),
    "N": ("N1", "N2", "N3", "N4"),
    "O": ("O1",),
    "U": ("U1", "U2"),
}
_TABLES = "ABC"
_HSP = {"HSP1_A": "A", "HSP1_B": "B", "HSP1_C": "C"}
# Purposes of entry (入国目的) of a certificate of eligibility, by status, and by activity where that decides.
_PURPOSES: Mapping[str, str] = {
    "OFFICIAL": "U3", "PROFESSOR": "I1", "ARTIST": "J1", "RELIGIOUS": "K1", "JOURNALIST": "L1", "HSP1_A": "X1",
    "HSP1_B": "X2", "HSP1_C": "X3", "BUS_MGR": "M1", "LEGAL_ACCT": "U1", "INSTRUCTOR": "I2", "CULTURAL": "J2",
    "ICT": "L2", "ENG_HUM_INT": "N2", "NURSING": "N3", "SKILLED": "N4", "SSW1": "V1", "SSW2": "V2", "ENTERTAINER": "O1",
    "STUDENT": "P1", "TRAINEE": "Q1", "TITP1_A": "Y1", "TITP1_B": "Y1", "TITP2_A": "Y2", "TITP2_B": "Y2",
    "TITP3_A": "Y3", "TITP3_B": "Y3", "DEPENDENT": "R1", "MEDICAL": "U2", "SPOUSE_JP": "T1", "SPOUSE_PR": "T2",
    "LTR": "T3",
}  # fmt: skip
_TRAINING = {"Y1": "TITP1", "Y2": "TITP2", "Y3": "TITP3"}


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of an application: its status of residence, its activity, and the point table of 高度専門職."""

    status: str
    activity: str | None = None
    table: str = ""


def type_code_of(procedure: str, kind: Kind) -> str | None:
    """The type code of such an application; None where the tools have none."""
    number = _NUMBERS.get(procedure)
    if number is None:
        return None
    if kind.status in _HSP or kind.status == "HSP2":
        table = _HSP.get(kind.status, kind.table)
        for section, activities in _ACTIVITIES.items():
            if kind.activity in activities and table:
                return f"{number}{section}{_letter(activities.index(kind.activity), table)}"
        return None
    for variant, statuses in _STATUSES.items():
        if kind in (Kind(*each) for each in statuses) or (kind.status, None) in statuses:
            return f"{number}{variant}"
    return None


def _letter(activity: int, table: str) -> str:
    return chr(ord("A") + activity * len(_TABLES) + _TABLES.index(table))


def purpose_of(kind: Kind) -> str:
    """The purpose of entry of such an application."""
    if kind.activity in ("L3", "N1", "N5", "N6", "R2", "R3") and kind.status in ("RESEARCHER", "DESIGNATED"):
        return str(kind.activity)
    return _PURPOSES.get(kind.status, "U4" if kind.status == "DESIGNATED" else "")


def kinds_of(type_code: str) -> tuple[Kind, ...]:
    """Every kind of application for which a type code is written."""
    section, variant = type_code[2], type_code[2:]
    if variant in _STATUSES:
        return tuple(Kind(status, activity) for status, activity in _STATUSES[variant])
    place = ord(type_code[3]) - ord("A")
    activity = _ACTIVITIES[section][place // len(_TABLES)]
    table = _TABLES[place % len(_TABLES)]
    first = Kind(f"HSP1_{table}", activity, table)
    return (first, Kind("HSP2", activity, table)) if type_code.startswith("05") else (first,)


def kind_in(type_code: str, named: str, activity: str | None, *, supervised: bool) -> Kind | None:
    """The kind that a row stands for; None where its cells do not tell.

    `named` is the purpose of entry of a certificate of eligibility, else the code of the status that is asked for or
    extended; `activity` the one that is designated in section U; `supervised`: another body supervises the training.
    """
    kinds = kinds_of(type_code)
    if type_code.startswith("01"):
        fitting = [kind for kind in kinds if purpose_of(kind) == named]
        if named in _TRAINING:
            wanted = f"{_TRAINING[named]}_{'B' if supervised else 'A'}"
            fitting = [kind for kind in kinds if kind.status == wanted]
    else:
        status = status_of(named)
        fitting = [kind for kind in kinds if kind.status == status]
    if not named and len(kinds) == 1:
        fitting = list(kinds)
    if len(fitting) != 1:
        return None
    (kind,) = fitting
    return Kind(kind.status, activity) if type_code[2:] == "U4" else kind
