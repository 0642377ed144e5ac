"""The account of a person who comes for the first time."""

from services.registration.domain.standing import AccountState
from services.registration.store import Account
from shared.ids import new_id
from shared.work import Work


async def begin_account(work: Work, *, name: str, email: str, phone: str, language: str) -> Account:
    """An account that nobody can use before its mail address is confirmed."""
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
