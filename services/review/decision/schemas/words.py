"""Words in both languages, and codes with them."""

from pydantic import BaseModel

from shared.errors import Text


class Words(BaseModel):
    """A sentence in both languages."""

    ja: str
    en: str

    @classmethod
    def of(cls, text: Text) -> "Words":
        return cls(ja=text.ja, en=text.en)


class Named(BaseModel):
    """A code with its words."""

    code: str
    name: Words
