"""Requests and answers about broadcasts, as they go over HTTP."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.notification.broadcasts.domain import WITH_BANNER, WITH_CODES, Group, Kind, State
from services.notification.broadcasts.store import Broadcast
from services.notification.messages.schemas import HistoryEntry
from shared.errors import Text
from shared.languages import OFFICIAL, Lang
from shared.text import one_line, several_lines
from shared.text.typed import Moment, Typed, rule

# With the mark of the mails, both languages of a subject and their titles are still read in a list.
_TITLE = Typed(one_line, most=60)
_BODY = Typed(several_lines, most=4000)
_REASON = Typed(several_lines, most=500)
_MOST_CODES = 30
_REVISION = Field(ge=1, le=10**6, description="the version that was read", examples=[1])

_TEXTS: dict[str, Any] = {
    "ja": {"title": "システムの停止（7月5日）", "body": "7月5日午前1時から5時まで停止します。"},
    "en": {"title": "No service on 5 July", "body": "The service stops on 5 July from 1am to 5am."},
}
_INPUT: dict[str, Any] = {
    "kind": "maintenance",
    "group": "everyone",
    "codes": [],
    "texts": _TEXTS,
    "by_mail": False,
    "send_at": "2026-07-02T00:00:00Z",
    "banner": {"from": "2026-07-03T00:00:00Z", "until": "2026-07-04T20:00:00Z"},
}
_BROADCAST: dict[str, Any] = _INPUT | {
    "id": "01a20911-fd7b-71e3-a6cc-c19c41d77a09",
    "state": "draft",
    "revision": 1,
    "created_at": "2026-07-01T01:23:45Z",
    "writers": ["01a20911-fd7b-71e3-a6cc-c1916bbe12df"],
    "proposed_by": None,
    "proposed_at": None,
    "returned_reason": None,
    "approved_by": None,
    "approved_at": None,
    "started_at": None,
    "recipients": None,
    "handed_over": 0,
    "left_out": 0,
    "ended_at": None,
    "stopped_by": None,
    "stopped_reason": None,
    "resumable_until": None,
    "banner_ended_at": None,
}


class Input(BaseModel):
    """A request's body. A field that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class Said(Input):
    """Title and body in one language. Empty lines divide paragraphs."""

    title: Annotated[str, _TITLE] = Field(examples=["システムの停止（7月5日）"])
    body: Annotated[str, _BODY] = Field(examples=["7月5日午前1時から5時まで停止します。"])


class Banner(Input):
    """The time for which pages show a banner."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    from_: Moment = Field(alias="from", examples=["2026-07-03T00:00:00Z"])
    until: Moment = Field(examples=["2026-07-04T20:00:00Z"])

    @model_validator(mode="after")
    def _in_order(self) -> "Banner":
        if self.until <= self.from_:
            raise rule("until-before-from", Text("終了は開始より後にしてください", "Let it end after it begins"))
        return self


class BroadcastInput(Input):
    """A broadcast to write. Japanese and English are required; readers of other languages see the official one."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_INPUT]})

    kind: Kind
    group: Group = Field(description="everyone, user_class, office, procedure (open applications), officers")
    codes: list[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{1,40}$")]] = Field(
        default_factory=list, max_length=_MOST_CODES, description="user classes, offices or procedures of the group"
    )
    texts: dict[Lang, Said] = Field(max_length=9)
    by_mail: bool = Field(False, description="also by mail; the inbox has it in any case")
    send_at: Moment | None = Field(None, description="when it begins; null: as soon as it is approved")
    banner: Banner | None = None

    @model_validator(mode="after")
    def _as_the_group_allows(self) -> "BroadcastInput":
        for lang in OFFICIAL:
            if lang not in self.texts:
                raise rule("language-missing", Text("日本語と英語は必須です", "Japanese and English are required"))
        if (self.group in WITH_CODES) != bool(self.codes):
            raise rule(
                "codes-of-group",
                Text(
                    "対象の区分、官署または手続を選んでください。全員と職員には指定できません",
                    "Choose user classes, offices or procedures for this group; everyone and officers have none",
                ),
            )
        if self.banner is not None and self.group not in WITH_BANNER:
            raise rule(
                "no-banner-for-group",
                Text(
                    "この対象にはバナーを表示できません。バナーなしで送信するか、対象を変更してください",
                    "Pages cannot show a banner to this group: leave it out, or choose another group",
                ),
            )
        return self


class Version(Input):
    """The version that the operator read."""

    revision: Annotated[int, _REVISION]


class Reason(Input):
    """The reason of a step."""

    reason: Annotated[str, _REASON] = Field(examples=["英語の日付が日本語と異なります。"])


class BroadcastBody(BaseModel):
    """One broadcast."""

    model_config = ConfigDict(json_schema_extra={"examples": [_BROADCAST]}, populate_by_name=True)

    id: UUID
    kind: Kind
    group: Group
    codes: list[str]
    texts: dict[Lang, Said]
    by_mail: bool
    send_at: datetime | None
    banner: Banner | None
    banner_ended_at: datetime | None = Field(description="when an operator took the banner down")
    state: State
    revision: int
    created_at: datetime
    writers: list[UUID] = Field(description="operators who wrote or proposed it: none of them may approve it")
    proposed_by: UUID | None
    proposed_at: datetime | None
    returned_reason: str | None = Field(description="why it was sent back last")
    approved_by: UUID | None
    approved_at: datetime | None
    started_at: datetime | None
    recipients: int | None = Field(description="accounts in the group when it began")
    handed_over: int = Field(description="of these, how many have it in the inbox")
    left_out: int = Field(description="of these, how many closed their account before their turn")
    ended_at: datetime | None
    stopped_by: UUID | None
    stopped_reason: str | None
    resumable_until: datetime | None = Field(description="until when it can be resumed; null: it cannot")

    @classmethod
    def of(cls, row: Broadcast, **others: Any) -> Any:
        """A broadcast as it is kept; `others` are the further members of a model that is more than that."""
        banner = None
        if row.banner_from is not None and row.banner_until is not None:
            banner = Banner.model_validate({"from": row.banner_from, "until": row.banner_until})
        kept = {name: getattr(row, name) for name in BroadcastBody.model_fields if name not in ("group", "banner")}
        return cls.model_validate(kept | {"group": row.audience, "banner": banner} | others)


class MailCounts(BaseModel):
    """The mails of a broadcast by how they stand: those of which the record is kept (`ZAIRYU_MESSAGE_DAYS`)."""

    waiting: int
    sent: int
    failed: int
    inbox_only: int = Field(description="in the inbox alone: without mail by choice, or withdrawn when it was stopped")


class BroadcastDetail(BroadcastBody):
    """One broadcast with its progress and its history."""

    in_group_now: int = Field(description="accounts that are in the group at this moment")
    mails: MailCounts
    history: list[HistoryEntry]

    @classmethod
    def with_progress(
        cls, row: Broadcast, in_group_now: int, counts: Mapping[str, int], history: Sequence[Mapping[str, Any]]
    ) -> "BroadcastDetail":
        """A broadcast with the number of its messages in each state, and its lines of the journal."""
        mails = MailCounts(
            waiting=counts.get("created", 0),
            sent=counts.get("sent", 0),
            failed=counts.get("failed", 0),
            inbox_only=counts.get("inbox", 0),
        )
        entries = [HistoryEntry.model_validate(line, from_attributes=False) for line in history]
        found: BroadcastDetail = cls.of(row, in_group_now=in_group_now, mails=mails, history=entries)
        return found


class BannerBody(BaseModel):
    """A banner of the pages, for those who are in its group."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01a20911-fd7b-71e3-a6cc-c19c41d77a09",
                    "kind": "maintenance",
                    "group": "everyone",
                    "codes": [],
                    "texts": _TEXTS,
                    "from": "2026-07-03T00:00:00Z",
                    "until": "2026-07-04T20:00:00Z",
                }
            ]
        },
        populate_by_name=True,
    )

    id: UUID
    kind: Kind
    group: Literal["everyone", "user_class", "officers"]
    codes: list[str]
    texts: dict[Lang, Said]
    from_: datetime = Field(alias="from")
    until: datetime

    @classmethod
    def of(cls, row: Broadcast) -> "BannerBody":
        """The banner of a broadcast."""
        return cls.model_validate(
            {
                "id": row.id,
                "kind": row.kind,
                "group": row.audience,
                "codes": row.codes,
                "texts": row.texts,
                "from": row.banner_from,
                "until": row.banner_until,
            }
        )
