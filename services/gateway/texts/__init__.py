"""Every sentence of the pages in Japanese and English, by area and subject as the pages are.

A template writes `t.usage_registration.title`. A subject has one name among all areas.
"""

from services.gateway.texts import account, entry, kit, portal, public
from shared.http import Lang

_SUBJECTS = (*kit.SUBJECTS, *public.SUBJECTS, *entry.SUBJECTS, *account.SUBJECTS, *portal.SUBJECTS)
_LANGUAGES: tuple[Lang, ...] = ("ja", "en")

# By language, subject and name.
PAGES: dict[str, dict[str, dict[str, str]]] = {
    lang: {
        subject.__name__.rpartition(".")[2]: {name: getattr(text, lang) for name, text in subject.TEXTS.items()}
        for subject in _SUBJECTS
    }
    for lang in _LANGUAGES
}
# The area of each subject.
AREAS: dict[str, str] = {subject.__name__.rpartition(".")[2]: subject.__name__.split(".")[-2] for subject in _SUBJECTS}
