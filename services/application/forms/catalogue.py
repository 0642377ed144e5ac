"""Every form that this system can read, and the one in which something is filed on a day."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, lru_cache

from services.application.forms.acquire import ACQUIRE
from services.application.forms.extend.n import EXTEND_N_JANUARY
from services.application.forms.form import FormVersion
from services.application.forms.highly_skilled import highly_skilled_forms
from services.application.forms.sections import section_forms
from services.application.forms.together import with_parts
from services.application.forms.workcert import WORKCERT
from shared.reference.statuses import activities

# A version stays here for as long as an application that was begun with it may be open.
FORMS: tuple[FormVersion, ...] = (EXTEND_N_JANUARY, *section_forms(), ACQUIRE, WORKCERT)


def current_form(procedure: str, status: str, day: date, activity: str | None = None) -> FormVersion | None:
    """The form in which `procedure` is begun for `status` on `day`; None where none is offered.

    Where a status has several activities, the one that is named decides the form; without it there is none.
    """
    return _current(FORMS, procedure, status, day, activity)


@lru_cache(maxsize=1_000)
def _current(
    forms: tuple[FormVersion, ...], procedure: str, status: str, day: date, activity: str | None
) -> FormVersion | None:
    """Kept: an import asks once for each row."""
    fitting = [form for form in _offered(forms, day) if form.procedure == procedure and status in form.statuses]
    if choices := activities(status, procedure, day):
        section = next((choice.section for choice in choices if choice.code == activity), None)
        fitting = [form for form in fitting if form.section == section and activity in (form.activities or (activity,))]
    return max(fitting, key=_start, default=None)


def offered_forms(day: date) -> tuple[FormVersion, ...]:
    """The forms that are offered and valid on `day`, older versions included."""
    return _offered(FORMS, day)


def _offered(forms: tuple[FormVersion, ...], day: date) -> tuple[FormVersion, ...]:
    return tuple(form for form in _by_version(forms).values() if form.offered and _start(form) <= day)


def form_of(version: str, combined_with: Sequence[str] = ()) -> FormVersion:
    """The form with this version, with the parts of the procedures that are filed with it.

    Raises LookupError: an application never outlives its form.
    """
    form = _by_version(FORMS).get(version)
    if form is None:
        raise LookupError(f"no form {version}: applications of that version are still stored, so keep it in FORMS")
    return with_parts(form, combined_with)


@cache
def _by_version(forms: tuple[FormVersion, ...]) -> Mapping[str, FormVersion]:
    """The forms of the table, and those that are made of them. Kept: a list of applications asks once for each row."""
    return {form.version: form for form in (*forms, *highly_skilled_forms(forms))}


def _start(form: FormVersion) -> date:
    return form.valid_from or date.min
