"""The language of an answer: the best of those offered by the caller's Accept-Language, else Japanese."""

from typing import Annotated

from fastapi import Depends, Request

from shared.languages import Lang, OfficialLang, negotiate, official


async def _language(request: Request) -> Lang:
    return negotiate(request.headers.get("accept-language"))


async def _paper_language(request: Request) -> OfficialLang:
    return official(negotiate(request.headers.get("accept-language")))


Language = Annotated[Lang, Depends(_language)]
# The language of papers and spreadsheets: the official one that is paired with the caller's.
PaperLanguage = Annotated[OfficialLang, Depends(_paper_language)]
