"""The language of an answer: the best of those offered by the caller's Accept-Language, else Japanese."""

from contextvars import ContextVar
from typing import Annotated, Any, Self

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, SerializerFunctionWrapHandler, model_serializer

from shared.errors import Text
from shared.languages import DEFAULT, OFFICIAL, Lang, OfficialLang, negotiate, official
from shared.translations import say

# Set for each request, so that an answer can be written without handing the language through all that makes it.
_current: ContextVar[Lang] = ContextVar("language", default=DEFAULT)


def current_language() -> Lang:
    """The language of the request that is answered; Japanese outside of one."""
    return _current.get()


def use_language_of(header: str | None) -> None:
    """Answer the current request in the language of its Accept-Language header."""
    _current.set(negotiate(header))


async def _language(request: Request) -> Lang:
    return negotiate(request.headers.get("accept-language"))


async def _paper_language(request: Request) -> OfficialLang:
    return official(negotiate(request.headers.get("accept-language")))


Language = Annotated[Lang, Depends(_language)]
# The language of papers and spreadsheets: the official one that is paired with the caller's.
PaperLanguage = Annotated[OfficialLang, Depends(_paper_language)]


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
