"""Previews over HTTP."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.document.previews.domain import Match
from shared.text import one_line
from shared.text.typed import Typed

Wanted = Annotated[str, Typed(one_line, most=100)]
_LINK = "/v1/previews/AaIJEf17ceOmzMGWs5ZBZg/1"


class PreviewPage(BaseModel):
    """A page: `image` for reading, its longer side 1754 pixels, and `thumbnail`, 320 pixels. Both are JPEG."""

    number: int = Field(description="from 1")
    image: str = Field(examples=[f"{_LINK}?size=page"])
    thumbnail: str = Field(examples=[f"{_LINK}?size=thumbnail"])


class PreviewBody(BaseModel):
    """The pages of a file. The links work until `expires_at`, for the account that asked for them and nobody else."""

    document_id: UUID
    kind: str = Field(examples=["pdf"])
    expires_at: datetime
    pages: list[PreviewPage]


class Box(BaseModel):
    """A rectangle on the picture of a page, in percent of its width and height from the upper left corner."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def of(cls, sides: tuple[int, int, int, int]) -> "Box":
        left, top, right, bottom = (side / 100 for side in sides)
        return cls(left=left, top=top, width=round(right - left, 2), height=round(bottom - top, 2))


class MatchBody(BaseModel):
    """A place where the text stands. `boxes` has a rectangle for each line of it."""

    page: int
    before: str
    found: str = Field(description="as it stands in the file")
    after: str
    boxes: list[Box]

    @classmethod
    def of(cls, match: Match) -> "MatchBody":
        boxes = [Box.of(each) for each in match.boxes]
        return cls(page=match.page, before=match.before, found=match.found, after=match.after, boxes=boxes)


_EXAMPLE: dict[str, Any] = {
    "document_id": "01a20911-fd7b-71e3-a6cc-c196b4396416",
    "total": 1,
    "matches": [
        {
            "page": 2,
            "before": "Annual income: ",
            "found": "4,800,000",
            "after": " yen",
            "boxes": [{"left": 41.2, "top": 18.05, "width": 9.4, "height": 1.3}],
        }
    ],
    "pages": 3,
    "pages_without_text": [3],
    "complete": True,
}


class SearchBody(BaseModel):
    """The places of a text in a file, in order; of many the first 200. Width, case and spaces make no difference."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    document_id: UUID
    total: int
    matches: list[MatchBody]
    pages: int
    pages_without_text: list[int] = Field(description="pictures, as of a scan: nothing is found there")
    complete: bool = Field(description="false: there is more text than is searched")
