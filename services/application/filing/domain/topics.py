"""Topics of problems: the page of the portal on which each is solved."""

from services.application.filing.domain.permission import FINAL
from services.application.forms.form import FormVersion
from shared.errors import FieldProblem

# Pages besides the topics of the form, which has a `contact` of its own: of the applicant.
DOCUMENTS, PHOTO, NOTIFY, RULES = "documents", "photo", "notify", "rules"
_ELSEWHERE = {"documents": DOCUMENTS, "photo_id": PHOTO, "notify": NOTIFY}


def topic_of(problem: FieldProblem, version: FormVersion) -> str:
    """The code of the form's topic that has the field, or a page besides; `rules` for what no input can solve."""
    _, _, place = problem.pointer.partition("/")
    first, _, rest = place.partition("/")
    if first in _ELSEWHERE:
        return _ELSEWHERE[first]
    if first != "form" or not rest or problem.code in FINAL:
        return RULES
    return next((item.topic for item in version.items if _holds(item.pointer, problem.pointer)), RULES)


def _holds(item: str, pointer: str) -> bool:
    return pointer == item or pointer.startswith(f"{item}/")
