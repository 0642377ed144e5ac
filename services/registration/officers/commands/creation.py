"""Officers' accounts without an administrator: made by a person with access to the server."""

from collections.abc import Iterable

from services.registration.accounts.domain import login_id as login_ids
from services.registration.accounts.domain.standing import AccountState
from services.registration.accounts.store import accounts
from services.registration.audit import Tag
from services.registration.authentication.commands.password_links import put_password
from services.registration.authentication.context import AuthenticationContext
from services.registration.authentication.domain.password_rule import normalise
from services.registration.authentication.problems import weak_password
from services.registration.officers.commands.officers import NewOfficer, make
from services.registration.officers.schemas.creation import OfficerCreated
from shared.auth.actor import Actor, Role
from shared.clock import legal_date
from shared.errors import Conflict, Invalid, Text
from shared.ids import new_id
from shared.work import RequestIdentity, Work


async def create_officer(
    context: AuthenticationContext,
    *,
    login_id: str,
    name: str,
    roles: Iterable[Role],
    office: str,
    password: str,
    email: str | None = None,
    language: str = "ja",
    staff_number: str | None = None,
) -> OfficerCreated:
    """Make an officer's account; it carries its roles once a second factor is set up.

    Raises `Invalid` for a login id, roles, office or password that cannot be, `Conflict` for a login id or a mail
    address that is taken.
    """
    chosen, wanted, today = login_ids.canonical(login_id), frozenset(roles), legal_date(context.clock.now())
    if not login_ids.may_be_chosen(chosen):
        raise Invalid(Text("認証IDは英小文字・数字・._- の3〜40文字です", "A login id has 3 to 40 of a-z 0-9 . _ -"))
    plain, rule = normalise(password), context.rule(today)
    if flaws := rule.flaws(plain, chosen):
        raise weak_password(rule, flaws)
    hashed = await context.hashing.hash(plain)

    async def create(work: Work) -> OfficerCreated:
        if await accounts.by_login_id(work.session, chosen) is not None:
            raise Conflict(Text("その認証IDは使われています", "This login id is taken"), code="login-id-taken")
        new = NewOfficer(name, email, office, wanted, language, chosen, staff_number)
        account = await make(work, new, AccountState.ACTIVE)
        await put_password(work, account, hashed)
        work.journal("account", account.id, Tag.OFFICER_CREATE, {"roles": sorted(wanted), "office": office})
        return OfficerCreated(account_id=account.id, login_id=chosen)

    return await context.commands.run(
        Actor.system("registration/officers"), RequestIdentity(f"officers:{new_id()}"), create
    )
