"""A usage registration (利用申出) on its way: submitted, returned and submitted again, approved or rejected."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Status(StrEnum):
    """Where a usage registration stands."""

    SUBMITTED = "submitted"  # 審査中
    RETURNED = "returned"  # 差戻し
    APPROVED = "approved"  # 承認
    REJECTED = "rejected"  # 不承認


class Step(StrEnum):
    """What can be done with it."""

    RESUBMIT = "resubmit"
    RETURN = "return"
    APPROVE = "approve"
    REJECT = "reject"


_NEXT = {
    (Status.SUBMITTED, Step.RETURN): Status.RETURNED,
    (Status.SUBMITTED, Step.APPROVE): Status.APPROVED,
    (Status.SUBMITTED, Step.REJECT): Status.REJECTED,
    (Status.RETURNED, Step.RESUBMIT): Status.SUBMITTED,
    # An applicant who never mends it would keep it open for ever.
    (Status.RETURNED, Step.REJECT): Status.REJECTED,
}


class StepNotPossible(ValueError):
    """The step does not lead anywhere from this status."""

    def __init__(self, status: Status, step: Step) -> None:
        super().__init__(f"{step} is not possible: the usage registration is {status}")
        self.status, self.step = status, step


def after(status: Status, step: Step) -> Status:
    """The status to which `step` leads; raises `StepNotPossible`."""
    try:
        return _NEXT[status, step]
    except KeyError:
        raise StepNotPossible(status, step) from None


@dataclass(frozen=True, slots=True)
class Requirements:
    """What the officer confirmed. Source: ISA guide on 利用申出, approval requirements of organisations and users."""

    agent_requirements: bool  # 申請等取次者の承認要件
    notifications_made: bool  # 所属機関等の届出、外国人雇用状況届出
    pledge_submitted: bool  # 誓約書
    stable_business: bool  # 事業の安定性・継続性 (category 4: 見込み)

    def missing(self) -> tuple[str, ...]:
        """Names of the requirements that are not met; approval needs all of them."""
        return tuple(name for name in self.__slots__ if not getattr(self, name))


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose usage registration it is: the account it is for, who handed it in, and the applicant's mail address."""

    account_id: UUID
    submitted_by: UUID | None
    email: str


def is_own(origin: Origin, officer_id: UUID, officer_email: str | None) -> bool:
    """Whether the officer would decide their own: as applicant, as who handed it in, or by their own mail address."""
    same_address = officer_email is not None and officer_email.casefold() == origin.email.casefold()
    return officer_id in (origin.account_id, origin.submitted_by) or same_address


def required_documents(role: str, category: str | None) -> tuple[str, ...]:
    """Codes of the documents that must come with a usage registration.

    Source: ISA guide on 利用申出, documents; agent certificate for public-interest corporations and registered support
    organisations always, proof of the category for whoever claims more than category 4.
    """
    codes = ["UA_CHECK", "UA_FORM", "UA_PLEDGE"]
    if role in ("public_interest_staff", "rso_staff"):
        codes.append("UA_AGENT_CERT")
    if category in ("CAT1", "CAT2", "CAT3"):
        codes.append("UA_CATEGORY")
    return tuple(codes)
