"""A newer version of a draft's form: whether there is one, what it changes, and whether it has to be taken over."""

from dataclasses import dataclass
from datetime import date

from services.application.filing.domain.selection import Selection
from services.application.forms.catalogue import current_form
from services.application.forms.field import Item
from services.application.forms.form import FormVersion
from services.application.forms.together import with_parts
from shared.errors import FieldProblem, Text

# How an item is answered. Its topic, its help and its place on paper do not matter.
_DECIDING = ("kind", "most", "unit", "required", "when", "options", "fields")


@dataclass(frozen=True, slots=True)
class NewerForm:
    """The form of today, beside the one in which a draft was begun.

    `must` is whether the old one is accepted no longer. Items are those asked for the draft's status: that only the new
    form has, that only the old one has (their answers are set aside), and that it asks otherwise.
    """

    version: FormVersion
    must: bool
    added: tuple[Item, ...]
    removed: tuple[Item, ...]
    changed: tuple[Item, ...]


def newer_form(version: FormVersion, selection: Selection, day: date) -> NewerForm | None:
    """The newer form of the same selection on `day`; None where `version` is the newest."""
    status = selection.status_of_residence
    found = current_form(selection.procedure, status, day, selection.activity)
    if found is None or found.version == version.version:
        return None
    newest = with_parts(found, selection.combined_with)
    old = {item.code: item for item in version.items_for(status)}
    new = {item.code: item for item in newest.items_for(status)}
    return NewerForm(
        version=newest,
        must=is_outdated(version, day),
        added=tuple(item for code, item in new.items() if code not in old),
        removed=tuple(item for code, item in old.items() if code not in new),
        changed=tuple(item for code, item in new.items() if code in old and _asked(item) != _asked(old[code])),
    )


def is_outdated(version: FormVersion, day: date) -> bool:
    """Whether nothing may be filed in this version on `day` any more."""
    return version.accepted_until is not None and version.accepted_until < day


def outdated(version: FormVersion) -> FieldProblem:
    """The problem of a draft in a form that is accepted no longer."""
    message = Text(
        "この様式は{accepted_until}まで使用できました。入力内容を引き継いで、新しい様式に切り替えてください。",
        "This form was accepted until {accepted_until}. Change to the new one: what you entered is kept.",
    ).with_values(accepted_until=version.accepted_until)
    return FieldProblem("/form_version", "form-outdated", message)


def _asked(item: Item) -> tuple[object, ...]:
    return tuple(getattr(item, name, None) for name in _DECIDING)
