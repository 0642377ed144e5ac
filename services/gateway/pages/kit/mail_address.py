"""An address to which messages will go, as a visitor types it: the question about a probable slip.

Asked once and never a refusal. Advice so that messages arrive stands at the field (`kit/address.html`).
"""

from services.gateway.pages.kit.forms import Form
from shared.text import meant_address

_AS_TYPED = "email_as_typed"


def meant_by(form: Form) -> str:
    """The address that is probably meant by `email`: "" where nothing seems wrong with it, and where it comes again as
    it was asked about (the page brings it in a hidden field)."""
    return "" if form[_AS_TYPED] == form["email"].strip() else meant_address(form["email"]) or ""
