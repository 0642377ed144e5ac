"""The language of an answer: Japanese unless the caller prefers English."""

from typing import Annotated, Literal, cast

from fastapi import Depends, Request

from shared.errors import Text

Lang = Literal["ja", "en"]
DEFAULT: Lang = "ja"


def negotiate(header: str | None) -> Lang:
    """The better of `ja` and `en` by an Accept-Language header (RFC 9110 §12.5.4); Japanese where both are equal."""
    weights: dict[str, float] = {}
    wildcard = 0.0
    for entry in (header or "").split(",")[:20]:
        tag, _, parameters = entry.strip().partition(";")
        primary = tag.strip().lower().split("-")[0]
        try:
            weight = float(parameters.strip().removeprefix("q=")) if parameters.strip() else 1.0
        except ValueError:
            continue
        if primary == "*":
            wildcard = max(wildcard, weight)
        elif primary in ("ja", "en"):
            weights[primary] = max(weights.get(primary, 0.0), weight)
    if not weights:
        return DEFAULT
    return "en" if weights.get("en", wildcard) > weights.get("ja", wildcard) else "ja"


def say(text: Text, lang: Lang) -> str:
    """The sentence in one language."""
    return cast(str, getattr(text, lang))


async def _language(request: Request) -> Lang:
    return negotiate(request.headers.get("accept-language"))


Language = Annotated[Lang, Depends(_language)]
