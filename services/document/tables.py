"""All tables of this service, for Alembic and the journal."""

from services.document.archives.store import Archive, ArchiveEntry
from services.document.files.store.accounts import StoppedAccount
from services.document.files.store.documents import Document, LeftoverObject, Row
from services.document.files.store.filings import Filing, Handling
from services.document.files.store.hash_rounds import HashRound
from services.document.files.store.incoming import IncomingFile
from services.document.files.store.scans import FileScan
from services.document.files.store.spending import CheckSpending
from services.document.retention.store.ends import ClosedApplication, RegistrationTerm, SweptDay
from services.document.retention.store.erasures import ErasedFile, Erasure
from services.document.retention.store.holds import Hold

__all__ = [
    "Archive",
    "ArchiveEntry",
    "CheckSpending",
    "ClosedApplication",
    "Document",
    "ErasedFile",
    "Erasure",
    "FileScan",
    "Filing",
    "Handling",
    "HashRound",
    "Hold",
    "IncomingFile",
    "LeftoverObject",
    "RegistrationTerm",
    "Row",
    "StoppedAccount",
    "SweptDay",
]
