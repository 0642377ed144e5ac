"""Many invented applications: names of many nations, and owners of which few have many applications and many have few.

`write` copies them into a database of the application service; the same seed gives the same rows.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

import asyncpg

from services.application.forms.extend.n import EXTEND_N
from shared.reference.periods import add_months
from shared.reference.receipt_numbers import receipt_number
from shared.text.search import search_key

T = TypeVar("T")
DAY = date(2026, 11, 20)
LARGEST_OWNER = 100_000
_NOW = datetime(2026, 11, 20, tzinfo=UTC)
_YEARS = 3
_AT_ONCE = 20_000
# Applications of owners who have few; that is half of all applications.
_FEW = (1, 2, 1, 40, 3, 1, 12, 5, 1, 130)


def _names(words: str) -> list[str]:
    return [word.replace("_", " ") for word in words.split()]


# Nations with their share of a hundred, roughly as among foreign residents, and names that are frequent there.
_NATIONS: dict[str, tuple[int, list[str], list[str]]] = {
    "VNM": (
        27,
        _names("NGUYEN NGUYEN NGUYEN NGUYEN NGUYEN TRAN TRAN LE PHAM HOANG VU DANG BUI DO HO NGO DUONG"),
        _names(
            "VAN_AN THI_HOA VAN_HUNG THI_LAN MINH_TUAN THI_THU_HA DUC_ANH NGOC_MAI QUANG_HUY THI_BICH_PHUONG VAN_THANH"
            " HOAI_NAM THANH_TUNG THI_KIM_OANH XUAN_TRUONG KHANH_LINH HONG_NHUNG TIEN_DAT BAO_CHAU GIA_BAO"
        ),
    ),
    "CHN": (
        22,
        _names("WANG LI ZHANG LIU CHEN YANG HUANG ZHAO WU ZHOU XU SUN MA ZHU HU GUO HE LIN GAO LUO OUYANG"),
        _names(
            "WEI XIAOMING FANG NA JING LEI XIULAN HAO YUXUAN ZIHAN HAORAN MENGQI JIAYI XINYI GUOQIANG SHUANG TINGTING"
            " ZHENHUA JIANGUO CHENXI"
        ),
    ),
    "PHL": (
        12,
        _names("SANTOS REYES CRUZ BAUTISTA OCAMPO GARCIA MENDOZA TORRES DELA_CRUZ VILLANUEVA AQUINO RAMOS"),
        _names("MARIA_CRISTINA JOSE_MARI ANGELICA MARK_ANTHONY JENNIFER JOHN_PAUL ROSALIE MICHELLE CHERRY_ANN JAYSON"),
    ),
    "NPL": (
        10,
        _names("SHRESTHA GURUNG TAMANG RAI THAPA ADHIKARI KHATRI BHANDARI KARKI POUDEL SHARMA MAGAR"),
        _names("BIKASH SUNITA RAM_BAHADUR SITA_KUMARI PRAKASH ANIL SABINA DIPENDRA KAMALA NABIN SANTOSH"),
    ),
    "IDN": (
        8,
        _names("SAPUTRA WIJAYA HIDAYAT NUGROHO SETIAWAN PRATAMA KUSUMA RAHAYU SUSANTO LESTARI"),
        _names("BUDI SITI_NURHALIZA AGUS DEWI EKO RIZKY AYU MUHAMMAD_FAJAR INTAN BAYU"),
    ),
    "MMR": (
        7,
        _names("AUNG KYAW MYINT THANT ZAW HTET NAING OO WIN TUN"),
        _names("THIDA KO_KO SU_SU MIN_THU EI_PHYU NAY_LIN KHIN_MAR YE_YINT HNIN_WAI MOE_MOE"),
    ),
    "BRA": (
        5,
        _names("SILVA SANTOS OLIVEIRA SOUZA PEREIRA TANAKA DA_COSTA FERREIRA YAMAMOTO ALMEIDA"),
        _names("ANA_PAULA JOAO_PEDRO LUCAS MARIANA GABRIEL FERNANDA RAFAEL_HIDEKI JULIANA THIAGO"),
    ),
    "LKA": (
        4,
        _names("PERERA FERNANDO DE_SILVA BANDARA JAYAWARDENA RATNAYAKE WICKRAMASINGHE"),
        _names("NUWAN CHAMARI KASUN DILINI SANJEEWA THARINDU ISHARA PRIYANTHA"),
    ),
    "USA": (
        5,
        _names("MUELLER O'BRIEN AL-RASHID KOWALSKI SMITH DUPONT IVANOVA KIM PARK OSTERGAARD"),
        _names("JUERGEN SEAN FATIMA AGNIESZKA JOHN JEAN-LUC OLGA MIN-JUN SEO-YEON LARS_ERIK"),
    ),
}
_PROCEDURES = {"EXTEND": 62, "CHANGE": 22, "COE": 16}
_STATUSES = {"ENG_HUM_INT": 45, "SSW1": 30, "STUDENT": 15, "DEPENDENT": 10}
_OFFICES = {"TYO": 50, "NGY": 20, "OSA": 18, "FUK": 8, "SPK": 4}
# The application's own state and what review reported, with their share of a hundred.
_STATES: dict[tuple[str, str | None], int] = {
    ("draft", None): 6,
    ("received", None): 3,
    ("received", "under_review"): 8,
    ("received", "docs_requested"): 2,
    ("withdrawn", None): 2,
    ("decided", "decided_grant"): 2,
    ("decided", "delivered"): 60,
    ("decided", "certificate_issued"): 13,
    ("decided", "decided_refuse"): 3,
    ("terminated", "terminated"): 1,
}
_FORM = {
    code: EXTEND_N.example[code]
    for code in ("sex", "jp_address", "tel", "occupation", "passport_no", "current_status", "current_period")
}


@dataclass(frozen=True, slots=True)
class Crowd:
    """The owners of the rows, each with the number of its applications; the largest first."""

    owners: tuple[tuple[UUID, int], ...]

    @classmethod
    def of(cls, applications: int) -> "Crowd":
        """Owners for so many applications: the largest has up to 100,000, the next ones half of that, a third, ..."""
        owners, left = list[tuple[UUID, int]](), applications
        largest = min(LARGEST_OWNER, applications // 2)
        while left:
            number = len(owners) + 1
            size = max(largest // number, 20) if left > applications // 2 else _FEW[number % len(_FEW)]
            owners.append((UUID(int=number), min(left, size)))
            left -= owners[-1][1]
        return cls(tuple(owners))


def name_of(random: Random) -> tuple[str, str]:
    """A nation, and a name as its passports have them."""
    nation = _one_of(random, _SHARES)
    _, families, given = _NATIONS[nation]
    return nation, f"{random.choice(families)} {random.choice(given)}"


_SHARES = {nation: share for nation, (share, _, _) in _NATIONS.items()}


def _one_of(random: Random, shares: dict[T, int]) -> T:
    return random.choices(list(shares), list(shares.values()))[0]


async def write(connection: "asyncpg.Connection[Any]", crowd: Crowd, seed: int = 1) -> None:
    """Copy the applications of `crowd` and their progress, as the owner of the tables; the journal has none of them."""
    random = Random(seed)
    owners = [number for number, (_, size) in enumerate(crowd.owners) for _ in range(size)]
    random.shuffle(owners)
    for first in range(0, len(owners), _AT_ONCE):
        part = enumerate(owners[first : first + _AT_ONCE], first)
        rows = [_row(random, number, number / len(owners), *crowd.owners[owner]) for number, owner in part]
        for table, written in (
            ("applications", [application for application, _ in rows]),
            ("progress", [progress for _, progress in rows if progress is not None]),
        ):
            if written:
                records = [tuple(row.values()) for row in written]
                await connection.copy_records_to_table(table, records=records, columns=list(written[0]))


def _row(
    random: Random, number: int, passed: float, owner_id: UUID, size: int
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """An application and its progress, None where review has reported nothing."""
    nation, name = name_of(random)
    procedure = _one_of(random, _PROCEDURES)
    state, reported = _one_of(random, _STATES)
    # In the order in which they were begun, as tables grow.
    begun = _NOW - timedelta(days=(1 - passed) * _YEARS * 365)
    filed = None if state == "draft" else begun + timedelta(hours=2)
    office = _one_of(random, _OFFICES) if filed else None
    receipt = f"{receipt_number(office, procedure, 'N', filed.date(), 1)}-{number}" if office and filed else None
    stays = procedure != "COE"
    expiry = (filed.date() if filed else DAY) + timedelta(days=random.randrange(90)) if stays else None
    is_granted = reported in ("delivered", "decided_grant")
    until = add_months(expiry, random.choice((12, 36))) if is_granted and expiry else None
    # Of one person an owner has about two applications, and of 500 applications one colleague is in charge.
    person = UUID(int=(owner_id.int << 64) + random.randrange(max(size // 2, 1)))
    account = UUID(int=(owner_id.int << 80) + random.randrange(max(size // 500, 1)))
    application_id = UUID(int=(int(begun.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62) | number)
    application: dict[str, Any] = {
        "id": application_id,
        "owner_id": owner_id,
        "account_id": account,
        "organisation_id": owner_id,
        "role": "org_staff",
        "procedure": procedure,
        "combined_with": [],
        "status_of_residence": _one_of(random, _STATUSES),
        "form_version": EXTEND_N.version,
        "form": json.dumps({**_FORM, "name_roman": name, "nationality": nation, "birth_date": "1990-01-01"}),
        "search_key": search_key(name, receipt),
        "person": person,
        "notify_language": "ja",
        "attachments": "[]",
        "file_ids": [],
        "state": state,
        "reported": reported,
        "revision": 2,
        "created_at": begun,
        "updated_at": filed or begun,
        "receipt_number": receipt,
        "submitted_at": filed,
        "legal_date": filed.date() if filed else None,
        "office": office,
        "stay_expiry": expiry,
        "stay_until": until,
    }
    if reported is None:
        return application, None
    return application, {
        "application_id": application_id,
        "state": reported,
        "changed_at": filed,
        "fee_paid": is_granted,
        "materials_sent": is_granted,
        "materials_received": is_granted,
    }
