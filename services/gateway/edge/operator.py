"""The operator of the site and their contact details, for the foot of every page and the contact page."""

from dataclasses import dataclass

from services.gateway.settings import Settings, by_language
from shared.languages import OFFICIAL, OfficialLang


@dataclass(frozen=True, slots=True)
class Operator:
    """The operator in one language; "" for what is not set."""

    name: str
    telephone: str
    hours: str
    url: str

    @property
    def is_reachable(self) -> bool:
        """Whether there is any way to ask."""
        return bool(self.telephone or self.url)


def operators(settings: Settings) -> dict[OfficialLang, Operator]:
    """The operator by official language."""
    names, hours = by_language(settings.operator_name), by_language(settings.contact_hours)
    return {
        lang: Operator(names[lang], settings.contact_telephone, hours[lang], settings.contact_url) for lang in OFFICIAL
    }
