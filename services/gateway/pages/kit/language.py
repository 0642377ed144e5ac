"""The language of a page: that of the address, else the one that was chosen before, else the browser's."""

from typing import Annotated

from fastapi import Depends, Query

from shared.http import Lang, Language


async def _chosen(language: Language, lang: Annotated[Lang | None, Query()] = None) -> Lang:
    return lang or language


PageLanguage = Annotated[Lang, Depends(_chosen)]
