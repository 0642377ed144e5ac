"""The mail address that a visitor types: advice so that mails arrive, and a question where it has a probable slip."""

from fastapi import Request

from services.gateway.pages.kit.forms import Form
from services.gateway.texts import PAGES
from shared.http import Lang
from shared.text import meant_address

_AS_TYPED = "email_as_typed"


def mail_advice(request: Request, lang: Lang) -> str:
    """What the reader sets so that mails of this site arrive: the hint of the field."""
    domain = request.app.state.gateway.settings.mail_from.rpartition("@")[2]
    return PAGES[lang]["forms"]["mail_advice"].format(domain=domain)


def asked_address(form: Form) -> str:
    """The address to ask about, once: "" where nothing seems wrong with `email`, and where it comes again as it was.

    The page of the question brings the address in a hidden field (`kit/asked_address.html`).
    """
    return "" if form[_AS_TYPED] == form["email"].strip() else meant_address(form["email"]) or ""
