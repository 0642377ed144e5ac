"""`/desk/accounts/{id}`: a person's account with its memberships, and what the approval desk can do with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.kit.frame import Done, page_router, render_page
from services.gateway.pages.kit.visitor import OfficerVisitor, Visitor
from services.gateway.texts import PAGES
from shared.auth import Record
from shared.errors import Forbidden

router = page_router()
PATH = "/desk/accounts/{account_id:uuid}"
# The pages of the steps of registration.
PAGE_OF = {"suspend": "suspension", "lift": "restoration", "close": "closing"}
_DONE = (*PAGE_OF.values(), "not_now")
TONES: Mapping[str, str] = {"registered": "attention", "active": "good", "suspended": "bad", "closed": ""}


@dataclass(frozen=True, slots=True)
class ShownAccount:
    """An account; `view` is how registration shows it."""

    visitor: Visitor
    view: Mapping[str, Any]

    @property
    def path(self) -> str:
        return f"/desk/accounts/{self.view['id']}"

    @property
    def state(self) -> str:
        return PAGES[self.visitor.lang]["accounts"][f"state_{self.view['state']}"]

    @property
    def tone(self) -> str:
        return TONES[self.view["state"]]


async def read_account(visitor: Visitor, account_id: UUID) -> ShownAccount:
    """An account that the visitor sees. Raises `Gone` for any other, and `Forbidden` for who sees none."""
    if not visitor.reads(Record.ACCOUNT):
        raise Forbidden()
    return ShownAccount(visitor, (await visitor.registration.fetch(f"/v1/accounts/{account_id}")).body)


def possible(account: ShownAccount) -> list[str]:
    """The pages of the steps that the reader can take now."""
    return [page for step, page in PAGE_OF.items() if step in account.view["steps"]]


@router.get(PATH)
async def show_account(account_id: UUID, visitor: OfficerVisitor, done: Done = None) -> Response:
    """Show the account; `done` is what was just done on another of its pages."""
    account = await read_account(visitor, account_id)
    texts, view = PAGES[visitor.lang]["accounts"], account.view
    return render_page(
        visitor.request,
        "desk/accounts/overview",
        visitor.lang,
        visitor=visitor,
        account=account,
        view=view,
        facts=[
            {"label": texts["email"], "value": view["email"]},
            {"label": texts["phone"], "value": view["phone"]},
        ],
        next_steps=possible(account),
        done=done if done in _DONE else None,
    )
