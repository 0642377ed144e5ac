"""The actor of a request or a command, and the roles it may hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

ActorKind = Literal["anonymous", "person", "officer", "client", "system"]


class Role(StrEnum):
    """User classes (利用者区分) and officers' roles. Source: REFERENCE §1.1 and §10."""

    ORG_STAFF = "org_staff"  # 所属機関の職員
    SUPERVISING_ORG_STAFF = "supervising_org_staff"  # 監理団体の職員
    PUBLIC_INTEREST_STAFF = "public_interest_staff"  # 公益法人の職員
    RSO_STAFF = "rso_staff"  # 登録支援機関の職員
    LAWYER_SCRIVENER = "lawyer_scrivener"  # 弁護士・行政書士
    SELF = "self"  # 外国人本人
    LEGAL_REP = "legal_rep"  # 法定代理人
    RELATIVE = "relative"  # 親族

    USER_APPROVAL = "user_approval"  # 利用申出の審査
    RECEPTION = "reception"  # 受付
    EXAMINER = "examiner"  # 審査官
    CHIEF_EXAMINER = "chief_examiner"  # 決裁者
    CARD_OFFICE = "card_office"  # カード交付係
    AUDITOR = "auditor"  # 監査
    OPERATOR = "operator"  # 運用
    ADMINISTRATOR = "administrator"  # 管理者


APPLICANT_ROLES = frozenset(
    {
        Role.ORG_STAFF,
        Role.SUPERVISING_ORG_STAFF,
        Role.PUBLIC_INTEREST_STAFF,
        Role.RSO_STAFF,
        Role.LAWYER_SCRIVENER,
        Role.SELF,
        Role.LEGAL_REP,
        Role.RELATIVE,
    }
)
OFFICER_ROLES = frozenset(Role) - APPLICANT_ROLES
# Officers to whom cases are allocated.
EXAMINING_ROLES = frozenset({Role.EXAMINER, Role.CHIEF_EXAMINER})
# Organisations and professionals file many at once (一括申請); an individual files for oneself or the family.
BULK_ROLES = APPLICANT_ROLES - {Role.SELF, Role.LEGAL_REP, Role.RELATIVE}


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, an officer, an API client, the system itself, or an anonymous caller."""

    kind: ActorKind
    id: UUID | None = None
    organisation_id: UUID | None = None
    roles: frozenset[Role] = frozenset()
    office: str | None = None
    session_id: UUID | None = None
    lapsed: bool = False  # the registration they act under is over: they may read, and not file
    name: str | None = None  # of the system part that acts; never a person's name
    client_id: UUID | None = None  # the API client that sends the request, where one does
    on_behalf_of: UUID | None = None  # the account for which a client of kind `client` acts, and which answers for it
    person: str | None = None  # the key that all accounts of one officer share; None: not known
    scopes: frozenset[str] | None = None  # the limits of the token, e.g. `application:read`; None: not limited
    abroad_until: datetime | None = None  # a stay abroad that was registered: until then they may act from there
    fresh_until: datetime | None = None  # the last proof of who holds the session counts until then

    @classmethod
    def anonymous(cls) -> "Actor":
        """A caller that has not signed in."""
        return cls(kind="anonymous")

    @classmethod
    def system(cls, name: str) -> "Actor":
        """The system acting on its own account, e.g. `review.jobs` or `application.handlers`."""
        return cls(kind="system", name=name)

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds at least one of `roles`."""
        return not self.roles.isdisjoint(roles)

    def is_fresh(self, now: datetime) -> bool:
        """Whether the holder of the session has proved recently who they are."""
        return self.fresh_until is not None and self.fresh_until > now

    def within(self, scope: str) -> bool:
        """Whether what the token is limited to covers `scope` (`<service>:read` or `<service>:write`)."""
        return self.scopes is None or scope in self.scopes

    @property
    def account_id(self) -> UUID | None:
        """The account responsible for the action: one's own; for an API client, the account that authorised it."""
        return self.on_behalf_of or self.id

    @property
    def owner_id(self) -> UUID | None:
        """The owner of the actor's records: the organisation where the actor acts for one, else the person."""
        return self.organisation_id or self.on_behalf_of or self.id

    def kept(self) -> dict[str, Any]:
        """A person or an API client as JSON, for work that is done for them later; without the limits of their token,
        which were asked when they had it done."""
        return {
            "kind": self.kind,
            "id": _text(self.id),
            "organisation_id": _text(self.organisation_id),
            "roles": sorted(role.value for role in self.roles),
            "client_id": _text(self.client_id),
            "on_behalf_of": _text(self.on_behalf_of),
        }

    @classmethod
    def of_kept(cls, kept: Mapping[str, Any]) -> "Actor":
        """The opposite of `kept`."""
        return cls(
            kind=kept["kind"],
            id=_id(kept["id"]),
            organisation_id=_id(kept["organisation_id"]),
            roles=frozenset(Role(code) for code in kept["roles"]),
            client_id=_id(kept["client_id"]),
            on_behalf_of=_id(kept["on_behalf_of"]),
        )


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)
