"""All tables of this service, for Alembic and the journal."""

from services.document.archives.store import Archive, ArchiveEntry
from services.document.files.store.accounts import StoppedAccount
from services.document.files.store.documents import Document, LeftoverObject, Row
from services.document.files.store.filings import Filing, Handling
from services.document.files.store.hash_rounds import HashRound
from services.document.files.store.incoming import IncomingFile
from services.document.files.store.scans import FileScan
from services.document.files.store.spending import CheckSpending
from services.document.retention.store import ClosedApplication, RegistrationTerm, SweptDay

__all__ = [
    "Archive",
    "ArchiveEntry",
    "CheckSpending",
    "ClosedApplication",
    "Document",
    "FileScan",
    "Filing",
    "Handling",
    "HashRound",
    "IncomingFile",
    "LeftoverObject",
    "RegistrationTerm",
    "Row",
    "StoppedAccount",
    "SweptDay",
]
