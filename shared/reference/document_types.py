"""Kinds of documents: code, name, and the way in which each reaches the office. Data: `data/documents/types.toml`."""

from dataclasses import dataclass
from typing import Literal, cast

from shared.errors import Text
from shared.reference import document_data
from shared.reference.dated import Dated, Table

How = Literal["form", "upload", "show", "mail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentType(Dated):
    """One kind of document. `how`: filled in as the form, uploaded as PDF, shown (a scan helps), or mailed."""

    code: str
    name: Text
    how: How


def _type(code: str, ja: str, en: str, how: str = "upload") -> DocumentType:
    return DocumentType(
        code=code, name=Text(ja, en), how=cast(How, how), source="ISA document lists; codes of this project"
    )


DOCUMENT_TYPES = Table(
    "document_types",
    lambda row: row.code,
    [_type(code, *words) for section in document_data.read("types").values() for code, words in section.items()],
)
