"""Words in the text of a job that do not fit a status of residence, by the kind of work that they mean.

They are for hints to officers alone: the activities are judged as a whole, and a word can stand for something else.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shared.errors import Text
from shared.reference.dated import Dated, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class JobWords(Dated):
    """Words for one kind of work in the job of a status of residence: Japanese ones wherever they stand, English ones
    as whole words."""

    code: str
    status: str
    name: Text
    ja: tuple[str, ...]
    en: tuple[str, ...]


_GUIDELINE = (
    "ISA guideline on the scope of 技術・人文知識・国際業務 (of 2008, revised 2024-02), which names such work;"
    " the list of words is the project's"
)
_PROJECT = "Project rule by analogy with the guideline on 技術・人文知識・国際業務"
_WORK = {
    "cleaning": (
        Text("清掃", "cleaning"),
        ("清掃", "掃除", "ベッドメイキング", "ベッドメーキング"),
        ("cleaning", "cleaner", "housekeeping", "bed making"),
    ),
    "serving": (
        Text("接客・配膳・レジ", "serving and cash desk"),
        ("配膳", "接客", "ホール業務", "ホールスタッフ", "レジ打ち", "レジ業務"),
        ("waiter", "waitress", "waiting tables", "cashier"),
    ),
    "kitchen": (
        Text("調理の補助・皿洗い", "help in a kitchen"),
        ("皿洗い", "洗い場", "調理補助", "キッチンスタッフ"),
        ("dishwashing", "dishwasher", "kitchen hand", "kitchen staff"),
    ),
    "line": (
        Text("製造ライン・仕分け・梱包", "work on a line, sorting, packing"),
        ("ライン作業", "流れ作業", "組立作業", "梱包", "仕分け", "箱詰め", "ピッキング", "検品"),
        ("assembly line", "production line", "packing", "sorting", "picking"),
    ),
    "site": (
        Text("建設・解体の現場作業", "work on a building site"),
        ("建設作業", "土木作業", "現場作業", "解体作業", "左官", "とび"),
        ("construction worker", "demolition", "manual labour", "manual labor"),
    ),
    "delivery": (
        Text("運搬・配達", "carrying and delivery"),
        ("荷物の運搬", "運搬作業", "配達", "引越作業", "トラック運転"),
        ("delivery driver", "truck driver", "courier", "loading and unloading"),
    ),
    "shelves": (
        Text("品出し・陳列", "filling shelves"),
        ("品出し", "商品陳列", "商品補充"),
        ("shelf stocking", "stocking shelves"),
    ),
    "farm": (
        Text("農作業", "work on a farm"),
        ("農作業", "収穫作業", "草刈り"),
        ("farm work", "farm worker", "harvesting"),
    ),
}


def _rows(status: str, source: str, *codes: str, verify: bool = False) -> Iterator[JobWords]:
    for code in codes or _WORK:
        name, ja, en = _WORK[code]
        yield JobWords(code=code, status=status, name=name, ja=ja, en=en, source=source, verify=verify)


JOB_WORDS = Table(
    "job_words",
    lambda row: (row.status, row.code),
    [
        *_rows("ENG_HUM_INT", _GUIDELINE, verify=True),
        *_rows("ICT", _PROJECT, verify=True),
        *_rows("RESEARCHER", _PROJECT, verify=True),
        *_rows("BUS_MGR", _PROJECT, "cleaning", "serving", "kitchen", "line", "site", "delivery", verify=True),
        # Cooks of a foreign cuisine, who are most of this status, cook; they do not serve or wash up.
        *_rows("SKILLED", _PROJECT, "cleaning", "serving", "kitchen", "delivery", "shelves", verify=True),
    ],
)


def job_words(status: str, day: date) -> tuple[JobWords, ...]:
    """The words that do not fit a status of residence on a day; none where no text is compared."""
    return tuple(row for row in JOB_WORDS.on(day) if row.status == status)


def words_in(text: str, row: JobWords) -> tuple[str, ...]:
    """The words of `row` that stand in `text`, whatever their width and case."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    joined = "".join(plain.split())
    english = (word for word in row.en if re.search(rf"\b{re.escape(word)}\b", plain))
    return (*(word for word in row.ja if word in joined), *english)
