"""Agreement to the terms of use and the pledge: to the version in force, which is kept with what is submitted."""

from collections.abc import Mapping
from datetime import date

from services.registration.context import CommandContext
from shared.errors import FieldProblem, Text
from shared.reference.agreements import Kind

# The version that was shown, by text; None where the caller names none and means the one in force.
Agreed = Mapping[Kind, date | None]

_CHANGED: dict[Kind, Text] = {
    "terms": Text(
        "利用規約が改定されました。内容を確認し、もう一度同意してください",
        "The terms of use have changed. Read them and accept them again",
    ),
    "pledge": Text(
        "誓約書が改定されました。内容を確認し、もう一度誓約してください",
        "The pledge has changed. Read it and make it again",
    ),
}


def outdated(context: CommandContext, agreed: Agreed, today: date) -> list[FieldProblem]:
    """Texts of which another version is in force than the one that was agreed to."""
    return [
        FieldProblem(f"/{kind}_accepted", "agreement-changed", _CHANGED[kind])
        for kind, version in agreed.items()
        if version is not None and version != context.agreements.current(kind, today).version
    ]
