"""The kinds of fields that events are made of. Each carries its description and an example.

Codes are open texts and not closed enumerations: a new procedure or status is a new row of `shared.reference`, and a
reader that does not know it yet must still be able to read the event. People's names and addresses are not here;
a mail address, a login id, a one-time link or an officer's words travel sealed (`shared.sealing`).
"""

from datetime import UTC, date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field

from shared.events.base import Part
from shared.languages import LANGUAGES, Lang, OfficialLang, known, official


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Moment = Annotated[
    AwareDatetime, AfterValidator(_utc), Field(description="a moment, in UTC", examples=["2026-07-01T01:23:45Z"])
]
Day = Annotated[date, Field(description="a calendar day in Japan", examples=["2026-07-01"])]

Code = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,79}$",
        description="a code of the reference data or of the service that emits the event",
        examples=["OTHER"],
    ),
]
ProcedureCode = Annotated[Code, Field(description="procedure (手続)", examples=["EXTEND"])]
StatusCode = Annotated[Code, Field(description="status of residence (在留資格)", examples=["ENG_HUM_INT"])]
PeriodCode = Annotated[Code, Field(description="period of stay (在留期間): Y3, M6, D90, INF", examples=["Y3"])]
CategoryCode = Annotated[Code, Field(description="category of the organisation, CAT1 to CAT4", examples=["CAT3"])]
SectionCode = Annotated[Code, Field(description="form section (区分)", examples=["N"])]
OfficeCode = Annotated[Code, Field(description="regional immigration office", examples=["TYO"])]
NationalityCode = Annotated[Code, Field(description="nationality or region, ISO 3166-1 alpha-3", examples=["VNM"])]
RoleCode = Annotated[Code, Field(description="user class (利用者区分)", examples=["org_staff"])]
OfficerRoleCode = Annotated[Code, Field(description="what an officer may do", examples=["examiner"])]
ReasonCode = Annotated[Code, Field(description="why, as a code", examples=["requirements_not_met"])]
CredentialChangeCode = Annotated[
    Code,
    Field(
        description="password_changed, second_factor_added, second_factor_removed, recovery_codes_renewed,"
        " recovery_code_used, identity_linked, identity_unlinked; of API clients: client_created, client_changed,"
        " client_secret_added, client_revoked, outside_system_authorized, outside_system_token_reused",
        examples=["second_factor_added"],
    ),
]
ItemCode = Annotated[Code, Field(description="a document or a field that is meant", examples=["RES_TAX"])]
DocumentCode = Annotated[Code, Field(description="what the document proves", examples=["CAREER"])]
DocumentKind = Annotated[Literal["photo", "pdf"], Field(description="face photo or PDF", examples=["pdf"])]
CarrierCode = Annotated[Code, Field(description="carrier of the mail", examples=["letter_pack_plus"])]

ReceiptNumber = Annotated[
    str, Field(min_length=1, max_length=40, description="receipt number (受付番号)", examples=["東オンＥＮ26000001"])
]
TrackingNumber = Annotated[
    str, Field(min_length=1, max_length=40, description="the carrier's tracking number", examples=["123456789012"])
]
FormVersion = Annotated[
    str,
    Field(min_length=1, max_length=40, description="version of the filled-in form", examples=["2026-04-15"]),
]
Yen = Annotated[int, Field(ge=0, description="amount in yen", examples=[5500])]
Count = Annotated[int, Field(ge=0, description="a number of things", examples=[3])]

SealedText = Annotated[
    str,
    Field(
        pattern=r"^gAAAA[0-9A-Za-z_-]{90,}={0,2}$",
        description="a text sealed with `shared.sealing`; a text in clear is refused",
        examples=[
            "gAAAAABpWv8AOuyqsG9kH9Jbx5Mh_XykatpVV-GB2Hft19xJYUKciBNubEwsp8UCnnSu_P3IbEwsqwkxMbPIQ7mgwcpxgvdYDtvI8rQ2wI97"
            "t7EfiswxJFc="
        ],
    ),
]

AccountId = Annotated[
    UUID, Field(description="the account of a person", examples=["01a20911-fd7b-71e3-a6cc-c1916bbe12df"])
]
OrganisationId = Annotated[
    UUID, Field(description="an organisation (機関)", examples=["01a20911-fd7b-71e3-a6cc-c192b1582350"])
]
ClientId = Annotated[
    UUID, Field(description="an API client (外部システム)", examples=["01a20911-fd7b-71e3-a6cc-c1951f0c9a27"])
]
UsageRegistrationId = Annotated[
    UUID, Field(description="a usage registration (利用申出)", examples=["01a20911-fd7b-71e3-a6cc-c193bf509cfa"])
]
PeriodicReportId = Annotated[
    UUID, Field(description="a periodic report (定期報告)", examples=["01a20911-fd7b-71e3-a6cc-c194507738a3"])
]
ApplicationId = Annotated[
    UUID, Field(description="an application (申請)", examples=["01a20911-fd7b-71e3-a6cc-c19546560fcd"])
]
DocumentId = Annotated[
    UUID, Field(description="a stored photo or PDF", examples=["01a20911-fd7b-71e3-a6cc-c196b4396416"])
]
CaseId = Annotated[
    UUID, Field(description="the case that examines an application", examples=["01a20911-fd7b-71e3-a6cc-c197026e68d3"])
]
RequestId = Annotated[
    UUID,
    Field(description="a request for documents (資料提出通知)", examples=["01a20911-fd7b-71e3-a6cc-c198a3921390"]),
]
CorrectionId = Annotated[
    UUID, Field(description="a correction (訂正)", examples=["01a20911-fd7b-71e3-a6cc-c19f02c1d0e5"])
]
MoreTimeId = Annotated[
    UUID,
    Field(
        description="a request for more time to submit documents (提出期限の延長の申出)",
        examples=["01a20911-fd7b-71e3-a6cc-c19f5b2ab7d1"],
    ),
]
InterviewId = Annotated[
    UUID, Field(description="an interview or inquiry", examples=["01a20911-fd7b-71e3-a6cc-c19f7d3e0a42"])
]
BulkImportId = Annotated[
    UUID, Field(description="a bulk import (一括申請)", examples=["01a20911-fd7b-71e3-a6cc-c19908dc12c6"])
]
CertificateNumber = Annotated[
    str,
    Field(
        pattern=r"^[A-Z]{3}[0-9]{2}-[0-9]{6,}$",
        description="the number of a certificate: office, year, serial",
        examples=["TYO26-000123"],
    ),
]
NotificationId = Annotated[
    UUID, Field(description="one message to one recipient", examples=["01a20911-fd7b-71e3-a6cc-c19ac3a3cc4a"])
]
WebhookId = Annotated[UUID, Field(description="a webhook (通知先)", examples=["01a20911-fd7b-71e3-a6cc-c19c41d77a05"])]
EventId = Annotated[
    UUID, Field(description="the `id` of another event's envelope", examples=["01a20911-fd7b-71e3-a6cc-c19b60d1f441"])
]
OwnerId = Annotated[
    UUID,
    Field(
        description="whose record it is: the organisation's, else the person's own",
        examples=["01a20911-fd7b-71e3-a6cc-c192b1582350"],
    ),
]
PersonKey = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-f]{64}$",
        description="a keyed hash of who the applicant is; says nothing without the key",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    ),
]


class Recipient(Part):
    """The recipient of a message: its address, whom it addresses (宛名), and in which language it is written.

    `language` is one of the two that every reader of events knows; `own_language` is open, as other codes are.
    """

    sealed_address: SealedText
    sealed_name: Annotated[SealedText | None, Field(description="the person's name, sealed; null: not known")] = None
    language: Annotated[OfficialLang, Field(description="official language of the message", examples=["ja"])]
    own_language: Annotated[
        Code | None, Field(description="the reader's own language; null: `language`", examples=["vi"])
    ] = None

    @classmethod
    def reading(cls, lang: str, sealed_address: str, sealed_name: str | None = None) -> Self:
        """A recipient who reads `lang`."""
        language = official(known(lang))
        own = None if lang == language else lang
        return cls(sealed_address=sealed_address, sealed_name=sealed_name, language=language, own_language=own)

    @property
    def reads(self) -> Lang:
        """The language that the recipient reads, as far as it is known here."""
        return known(self.own_language) if self.own_language in LANGUAGES else self.language


class GrantedCondition(Part):
    """A condition of a grant: a choice of `shared/reference/grant_conditions.py`, or the officers' words, sealed."""

    code: Annotated[Code, Field(description="which condition", examples=["ssw_field"])]
    choice: Annotated[Code | None, Field(description="the choice; null: in words", examples=["01"])] = None
    sealed_text: SealedText | None = None


class RequestedItem(Part):
    """One thing that somebody has to correct or submit; the officer's words, which may name people, are sealed.

    `text_codes` name sentences of `shared/reference/request_texts.py`, which each recipient reads in their language.
    """

    code: ItemCode
    sealed_text: SealedText | None = None
    text_codes: Annotated[
        tuple[Code, ...], Field(description="sentences of the reference data", examples=[["latest_year"]])
    ] = ()
