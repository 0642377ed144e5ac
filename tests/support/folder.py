"""A smallest possible service of its own: one table, one command, for tests of the shared mechanisms."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import MetaData, String
from sqlalchemy.orm import Mapped, mapped_column

from shared.auth import Actor
from shared.db import Row as SharedRow
from shared.ids import new_id
from shared.journal import AuditTag
from shared.work import RequestIdentity, Work

CREATE = (
    "CREATE TABLE folders (id uuid PRIMARY KEY, label text NOT NULL, pin text, opened_at timestamptz NOT NULL)",
    "CREATE TABLE notes (id uuid PRIMARY KEY, label text NOT NULL)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON folders, notes TO {role}",
)


class Row(SharedRow):
    __abstract__ = True
    metadata = MetaData()


class Folder(Row):
    __tablename__ = "folders"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    label: Mapped[str]
    pin: Mapped[str | None] = mapped_column(String, info={"secret": True})
    opened_at: Mapped[datetime]


class Note(Row):
    """A projection of somebody else's facts: not journalled."""

    __tablename__ = "notes"
    __journalled__ = False
    id: Mapped[UUID] = mapped_column(primary_key=True)
    label: Mapped[str]


class Tag(AuditTag):
    OPEN = "folder:open"
    RENAME = "folder:rename"
    DELETE = "folder:delete"
    READ = "folder:read"


class Opened(BaseModel):
    id: UUID
    label: str


async def open_folder(work: Work, label: str, pin: str | None = None) -> Opened:
    folder = Folder(id=new_id(), label=label, pin=pin, opened_at=work.now)
    work.session.add(folder)
    work.journal("folder", folder.id, Tag.OPEN)
    return Opened(id=folder.id, label=label)


async def rename_folder(work: Work, folder_id: UUID, label: str) -> Opened:
    folder = await work.session.get_one(Folder, folder_id)
    folder.label = label
    work.journal("folder", folder.id, Tag.RENAME)
    return Opened(id=folder.id, label=label)


def clerk() -> Actor:
    return Actor(kind="officer", id=new_id())


def request_identity(key: str | None = None, fingerprint: bytes | None = b"same") -> RequestIdentity:
    return RequestIdentity(request_id="req-1", idempotency_key=key, fingerprint=fingerprint)
