"""What somebody shows to prove who they are, as a form brings it."""

import json
from typing import Any

from services.gateway.pages.kit.client import Answer, ProveAgain
from services.gateway.pages.kit.forms import Form, Trouble
from services.gateway.pages.kit.missing_fields import missing
from services.gateway.pages.kit.visitor import Visitor
from services.gateway.texts import PAGES
from shared.errors import Problem
from shared.http import Lang

_TYPED = ("code", "recovery_code", "password")


async def by_password(visitor: Visitor) -> bool:
    """Whether a form that takes the account over asks for the present password; not where the session was proved again.

    Raises `ProveAgain` where the account's owner proves themself by other means: a second factor, the identity
    provider. Nobody is asked for a password that is not there.
    """
    means = (await visitor.registration.fetch("/v1/accounts/me/second-factor")).body
    if means["proved"]:
        return False
    if "password" not in means["methods"]:
        raise ProveAgain()
    return True


def proof_of(form: Form) -> dict[str, object]:
    """The one proof that a form brought; none where it was sent empty."""
    if form["passkey"]:
        return {"passkey": credential(form["passkey"])}
    return dict(list(form.given(*_TYPED).items())[:1])


def refused(answer: Answer, lang: Lang, proof: dict[str, object]) -> Trouble | None:
    """What to tell at the field that was filled in."""
    field = next(iter(proof))
    fields = {} if field == "passkey" else {"code-not-valid": field, f"/{field}": field}
    if field == "password" and answer.code == "code-not-valid":
        return Trouble.at(PAGES[lang]["proofs"]["password_not_right"], field)
    return answer.trouble(lang, fields)


def asked_again(lang: Lang, form: Form) -> Trouble | None:
    """What to tell of a form that was sent empty."""
    return missing(lang, next((name for name in form if name in _TYPED), "code"))


def credential(text: str) -> dict[str, Any]:
    """What the passkey script put into the form."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise Problem() from error
    if not isinstance(found, dict):
        raise Problem()
    return found
