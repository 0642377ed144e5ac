"""A person's account, made when they first register: without a login id, and without means to sign in yet."""

from services.registration.accounts.domain.standing import AccountState
from services.registration.accounts.store.accounts import Account
from shared.ids import new_id
from shared.work import Work


async def new_person(work: Work, *, name: str, email: str, phone: str | None, language: str) -> Account:
    """The account, known to the database from now on."""
    account = Account(
        id=new_id(),
        kind="person",
        state=AccountState.REGISTERED.value,
        login_id=None,
        name=name,
        email=email,
        phone=phone,
        language=language,
        office=None,
        created_at=work.now,
        revision=1,
    )
    work.session.add(account)
    await work.session.flush()
    return account
