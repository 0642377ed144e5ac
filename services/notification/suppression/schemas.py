"""Requests and responses about addresses to which mail does not arrive."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.notification.messages.schemas import HistoryEntry
from services.notification.suppression.store import UndeliverableAddress
from shared.sealing import Sealer
from shared.text import masked_address

LiftReason = Literal["reader_asked", "receiving_system_repaired", "entered_by_mistake", "other"]
Reason = Literal["hard", "soft"]


class AddressState(BaseModel):
    """The mail address of the caller's account, and whether mail arrives there."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "address": "n***@example.com",
                    "arrives": False,
                    "since": "2026-07-01T01:23:45Z",
                    "reason": "hard",
                    "status": "5.1.1",
                    "tested_at": None,
                }
            ]
        }
    )

    address: str | None = Field(description="masked; null: the account has none")
    arrives: bool = Field(description="false: mails came back, and none is sent until the address is confirmed")
    since: datetime | None = None
    reason: Reason | None = Field(None, description="hard: the address receives nothing; soft: several mails came back")
    status: str | None = Field(None, description="status code of the last failure (RFC 3463)")
    tested_at: datetime | None = Field(None, description="when the last test mail was sent")


class ContactState(BaseModel):
    """The applicant's own address for messages about an application, as far as mail arrives there."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"state": "unconfirmed", "since": None}]})

    state: Literal["none", "account", "unconfirmed", "confirmed", "undeliverable"] = Field(
        description="none: there is none; account: it is that of the account in charge, which was proved; unconfirmed: "
        "each mail to it has a link to confirm it; undeliverable: mails came back, and none is sent"
    )
    since: datetime | None = Field(None, description="since when it is confirmed or undeliverable")


class AddressConfirmed(BaseModel):
    """The link by which an address is confirmed: still open, or used. That of a test mail is used once."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"confirmed": True}]})

    confirmed: bool


class UndeliverableAddressBody(BaseModel):
    """An address to which mail does not arrive, or did not until it was lifted."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01a20911-fd7b-71e3-a6cc-c19ac3a3cc4a",
                    "address": "n***@example.com",
                    "reason": "hard",
                    "status": "5.1.1",
                    "since": "2026-07-01T01:23:45Z",
                    "failures": 1,
                    "last_message_id": "01a20911-fd7b-71e3-a6cc-c19546560fcd",
                    "last_failed_at": "2026-07-01T01:23:45Z",
                    "lifted_at": None,
                    "lifted_by": None,
                }
            ]
        }
    )

    id: UUID
    address: str = Field(description="masked")
    reason: Reason
    status: str = Field(description="status code of the last failure (RFC 3463)")
    since: datetime
    failures: int = Field(description="mails that came back from there")
    last_message_id: UUID
    last_failed_at: datetime
    lifted_at: datetime | None
    lifted_by: Literal["reader", "operator"] | None

    @classmethod
    def of(cls, row: UndeliverableAddress, sealer: Sealer) -> "UndeliverableAddressBody":
        """The entry with its address masked."""
        shown = {name: getattr(row, name) for name in cls.model_fields if name != "address"}
        return cls.model_validate({"address": masked_address(sealer.open(row.sealed_address)), **shown})


class UndeliverableAddressDetail(BaseModel):
    """An address with what happened to it, the oldest first."""

    address: UndeliverableAddressBody
    history: list[HistoryEntry]


class LiftBody(BaseModel):
    """The reason for which mail is sent to an address again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "reader_asked"}]})

    reason: LiftReason
