"""The second step of signing in: a code for a challenge."""

from services.registration.accounts.domain.standing import AccountState
from services.registration.accounts.store import accounts
from services.registration.authentication.commands.proofs import Proof, code_counters, prove
from services.registration.authentication.commands.rate_limits import charge_all, give_back
from services.registration.authentication.commands.sign_in import (
    SIGN_INS,
    acting_for,
    count_failure,
    notify_if_slowed,
    require_place,
    require_unblocked,
    start_session,
)
from services.registration.authentication.context import AuthenticationContext
from services.registration.authentication.domain.throttle import CODE_ACCOUNT
from services.registration.authentication.problems import AccountStopped, ChallengeNotValid, CodeNotValid
from services.registration.authentication.schemas.sign_in import SignedIn
from services.registration.authentication.store import second_factor, sign_in
from services.registration.context import Visitor, secret_digest
from shared.auth.actor import Actor
from shared.errors import Problem
from shared.work import RequestIdentity, Work


async def finish_sign_in(
    context: AuthenticationContext, mark: RequestIdentity, challenge: str, visitor: Visitor, proof: Proof
) -> SignedIn:
    """Begin the session for which `challenge` stands. Raises `ChallengeNotValid`, `CodeNotValid`,
    `PasskeyNotValid` or `Slowed`.

    A mistyped code leaves the challenge good, and counts; a right one uses both up.
    """
    digest, now = secret_digest(challenge), context.clock.now()
    async with context.db.transaction() as session:
        found = await second_factor.challenge(session, digest, context.digest(visitor.address), now)
        if found is None:
            raise ChallengeNotValid()
        counters = await code_counters(session, context, found.account_id, visitor.address, now)
        counts = await charge_all(session, counters, now)
        owner = await accounts.account(session, found.account_id)
    assert owner is not None
    actor = Actor(kind="officer" if owner.kind == "officer" else "person", id=owner.id)

    async def begin(work: Work) -> SignedIn:
        account = await accounts.locked_account(work.session, found.account_id)
        require_place(work, account, visitor, ChallengeNotValid)
        password = await sign_in.password_of(work.session, account.id)
        # A challenge obtained with the old password must not begin a session after it was replaced.
        if password is None or password.set_at > found.created_at:
            raise ChallengeNotValid()
        if account.state == AccountState.SUSPENDED:
            raise AccountStopped()
        if account.state != AccountState.ACTIVE:
            raise ChallengeNotValid()
        await require_unblocked(work, account)
        method = await prove(work, context, account, proof)
        if not await second_factor.take_challenge(work.session, digest):
            raise ChallengeNotValid()
        roles, organisation_id = await acting_for(work, account, found.organisation_id)
        await give_back(work.session, counters, work.now)
        return await start_session(work, context, account, roles, organisation_id, visitor, method)

    try:
        answer = await context.commands.run(actor, mark, begin)
    except Problem as refused:
        count_failure(refused.code, proof.method, owner.id)
        if isinstance(refused, CodeNotValid):
            await notify_if_slowed(context, mark, owner, counts.get("code:account"), CODE_ACCOUNT, now)
        raise
    SIGN_INS.labels("right").inc()
    return answer
