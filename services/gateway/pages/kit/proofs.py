"""Proofs of identity as a form brings them."""

import json
from typing import Any

from services.gateway.pages.kit.client import Answer, StepUpRequired
from services.gateway.pages.kit.forms import Form, FormErrors, missing_fields
from services.gateway.pages.kit.visitor import Visitor
from services.gateway.texts import PAGES
from shared.errors import Problem
from shared.http import Lang

_TYPED = ("code", "recovery_code", "password")


async def requires_password(visitor: Visitor) -> bool:
    """Whether a form that could take over the account asks for the present password; not after a step-up.

    Raises `StepUpRequired` where the account's owner proves themself by other means: a second factor, the identity
    provider. A password that does not exist is never asked for.
    """
    means = (await visitor.registration.fetch("/v1/accounts/me/second-factor")).body
    if means["proved"]:
        return False
    if "password" not in means["methods"]:
        raise StepUpRequired()
    return True


def read_proof(form: Form) -> dict[str, object]:
    """The one proof that a form brought; none where it was sent empty."""
    if form["passkey"]:
        return {"passkey": read_credential(form["passkey"])}
    return dict(list(form.given(*_TYPED).items())[:1])


def errors_of_proof(answer: Answer, lang: Lang, proof: dict[str, object]) -> FormErrors | None:
    """The mistake at the field that was filled in."""
    field = next(iter(proof))
    fields = {} if field == "passkey" else {"code-not-valid": field, f"/{field}": field}
    if field == "password" and answer.code == "code-not-valid":
        return FormErrors.on(PAGES[lang]["proofs"]["password_not_right"], field)
    return answer.form_errors(lang, fields)


def errors_of_empty_proof(lang: Lang, form: Form) -> FormErrors | None:
    """The mistake of a form that was sent empty."""
    return missing_fields(lang, next((name for name in form if name in _TYPED), "code"))


def read_credential(text: str) -> dict[str, Any]:
    """The credential that the passkey script put into the form."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Problem() from error
    if not isinstance(found, dict):
        raise Problem()
    return found
