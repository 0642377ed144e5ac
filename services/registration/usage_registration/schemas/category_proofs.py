"""Answers of `commands.category_proofs`."""

from datetime import date

from pydantic import BaseModel, Field


class CategoryRecorded(BaseModel):
    """The category that holds from `valid_from` on."""

    category: str = Field(examples=["CAT3"])
    treated_as: str = Field(description="category whose documents are asked", examples=["CAT2"])
    valid_from: date
