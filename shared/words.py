"""Texts as members of an answer: in the official languages, and in the language of the request that is answered."""

from contextvars import ContextVar
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, SerializerFunctionWrapHandler, model_serializer

from shared.languages import DEFAULT, OFFICIAL, Lang
from shared.texts import Text
from shared.translations import say

# Set for each request, so that an answer can be written without handing the language through all that makes it.
_current: ContextVar[Lang] = ContextVar("language", default=DEFAULT)


def current_language() -> Lang:
    """The language of the request that is answered; Japanese outside of one."""
    return _current.get()


def answer_in(lang: Lang) -> None:
    """Answer the current request in this language."""
    _current.set(lang)


class Words(BaseModel):
    """A text in Japanese and English, and in the caller's language under its tag, where that is another one."""

    model_config = ConfigDict(extra="allow")

    ja: str = Field(examples=["在留期間更新許可申請"])
    en: str = Field(examples=["Extension of the period of stay"])
    _text: Text | None = PrivateAttr(None)

    @classmethod
    def of(cls, text: Text, **others: Any) -> Self:
        """The words of a text; `others` are the further members of a model that is more than that."""
        words = cls(ja=text.ja, en=text.en, **others)
        words._text = text
        return words

    @model_serializer(mode="wrap")
    def _with_callers_language(self, handler: SerializerFunctionWrapHandler):  # type: ignore[no-untyped-def]
        # No return type: with one, the schema of the model would be that of the type.
        lang = current_language()
        said = handler(self)
        if lang not in OFFICIAL:
            said.setdefault(lang, say(self._text or Text(self.ja, self.en), lang))
        return said
