"""A usage registration (利用申出) on its way: submitted, returned and submitted again, approved or rejected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.registration.accounts.domain.mailbox import same_mailbox
from shared.reference.approval_requirements import approval_requirements
from shared.reference.usage_documents import COMMISSIONED_ROLES, required_usage_documents


class Status(StrEnum):
    """State of a usage registration."""

    SUBMITTED = "submitted"  # 審査中
    RETURNED = "returned"  # 差戻し
    APPROVED = "approved"  # 承認
    REJECTED = "rejected"  # 不承認


class Step(StrEnum):
    """A step from one state to the next."""

    RESUBMIT = "resubmit"
    RETURN = "return"
    APPROVE = "approve"
    REJECT = "reject"


_NEXT = {
    (Status.SUBMITTED, Step.RETURN): Status.RETURNED,
    (Status.SUBMITTED, Step.APPROVE): Status.APPROVED,
    (Status.SUBMITTED, Step.REJECT): Status.REJECTED,
    (Status.RETURNED, Step.RESUBMIT): Status.SUBMITTED,
    # An applicant who never corrects it would keep it open for ever.
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


def officers_steps(status: Status) -> tuple[Step, ...]:
    """The steps that officers can take from a status."""
    return tuple(step for start, step in _NEXT if start is status and step is not Step.RESUBMIT)


@dataclass(frozen=True, slots=True)
class Requirements:
    """Requirements that the officer confirmed; None where it was not asked of this user class.

    Source: ISA guide on 利用申出, approval requirements of organisations and users.
    """

    agent_requirements: bool | None  # 申請等取次者の承認要件
    notifications_made: bool | None  # 所属機関等の届出、外国人雇用状況届出
    pledge_submitted: bool | None  # 誓約書
    stable_business: bool | None  # 事業の安定性・継続性 (category 4: 見込み)
    agent_certificate: bool | None = None  # 申請等取次者証明書
    notice_certificate: bool | None = None  # 届出済証明書
    representation_proved: bool | None = None  # 法定代理人
    kinship_proved: bool | None = None  # 親族
    inability_proved: bool | None = None  # １６歳未満、疾病その他の事由

    def missing(self, role: str, category: str | None, day: date) -> tuple[str, ...]:
        """Names of the requirements that are asked of this user class and are not met; approval needs all of them."""
        asked = approval_requirements(role, category, day)
        return tuple(row.code for row in asked if not getattr(self, row.code))


@dataclass(frozen=True, slots=True)
class Origin:
    """Origin of a submission: the account it is for, the submitter, and the applicant's mail address."""

    account_id: UUID
    submitted_by: UUID | None
    email: str


def is_own(origin: Origin, officer_id: UUID, officer_email: str | None) -> bool:
    """Whether the officer would decide their own: as applicant, as who submitted it, or by their own mail address."""
    return officer_id in (origin.account_id, origin.submitted_by) or same_mailbox(officer_email, origin.email)


def required_documents(role: str, category: str | None, day: date, pledged: int = 1) -> tuple[str, ...]:
    """Codes of the documents that must come with a usage registration submitted on `day`.

    `pledged` is how many organisations the pledge covers. The table is `shared.reference.usage_documents`.
    """
    return required_usage_documents("usage_registration", role, day, category=category, pledged=pledged)


def pledge_flaw(role: str, pledged: int) -> str | None:
    """The flaw of the list of commissioning organisations: `pledge-list-missing`, `pledge-list-not-asked`."""
    if role in COMMISSIONED_ROLES:
        return None if pledged else "pledge-list-missing"
    return "pledge-list-not-asked" if pledged else None


def repeated(corporate_numbers: Sequence[str | None]) -> tuple[int, ...]:
    """Places in the list at which an organisation stands that was named before; None is a number not known yet."""
    return tuple(
        place for place, number in enumerate(corporate_numbers) if number and number in corporate_numbers[:place]
    )
