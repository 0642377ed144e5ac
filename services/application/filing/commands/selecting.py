"""The form of a selection: procedure, status, activity, and the procedures that are filed together."""

from datetime import date

from services.application.filing.domain.selection import Selection, activity_problems, combination_problems
from services.application.filing.problems import not_offered
from services.application.forms.catalogue import current_form
from services.application.forms.form import FormVersion
from services.application.forms.together import with_parts
from shared.errors import Invalid


def form_for(selection: Selection, today: date) -> FormVersion:
    """The form in which something is begun today, with the parts of what is filed together.

    Raises `Invalid` for what is not offered, an activity that does not fit, and what cannot be filed together.
    """
    procedure, status = selection.procedure, selection.status_of_residence
    if problems := activity_problems(procedure, status, selection.activity, today):
        raise Invalid(fields=problems)
    version = current_form(procedure, status, today, selection.activity)
    if version is None:
        raise not_offered(today)
    if problems := list(combination_problems(procedure, status, selection.combined_with, today)):
        raise Invalid(fields=problems)
    return with_parts(version, selection.combined_with)
