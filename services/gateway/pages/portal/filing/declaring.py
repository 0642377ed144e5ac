"""The declarations that a filer makes with the press of the filing button."""

import re
from datetime import date
from typing import Any

from services.gateway.pages.kit.forms import Form, FormErrors
from services.gateway.pages.kit.visitor import Visitor
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.http import Lang
from shared.reference.declarations import declarations, declared_version

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def declarations_of(today: date, lang: Lang) -> dict[str, str]:
    """The sentences to tick, by the names of their boxes."""
    return {name: say(row.text, lang) for name, row in declarations(today).items()}


def undeclared(visitor: Visitor, form: Form) -> FormErrors | None:
    """The boxes that were not ticked."""
    left = [name for name in declarations(visitor.today) if form[name] != "yes"]
    return FormErrors.on(PAGES[visitor.lang]["filing"]["need_declaration"], *left)


def declared(visitor: Visitor, form: Form) -> dict[str, Any]:
    """The declarations that were ticked, in the words that the page showed."""
    version = form["version"] if _DAY.fullmatch(form["version"]) else declared_version(visitor.today)
    return dict.fromkeys(declarations(visitor.today), True) | {"language": visitor.lang, "version": version}
