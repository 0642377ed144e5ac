"""Answers about postal codes."""

from pydantic import BaseModel, Field

from shared.reference.postal_codes import PostalAddress


class Place(BaseModel):
    """One address of a postal code."""

    prefecture: str = Field(examples=["東京都"])
    prefecture_code: str = Field(examples=["JP-13"])
    city: str = Field(examples=["千代田区"])
    town: str = Field(examples=["霞が関"])
    block: str = Field("", description="only of an organisation with a code of its own", examples=["2丁目1-2"])
    organisation: str = Field("", description="the organisation with this code of its own", examples=["総務省"])
    kana: str = Field(description="the reading", examples=["トウキョウトチヨダクカスミガセキ"])
    address: str = Field(description="the address so far; block and house follow", examples=["東京都千代田区霞が関"])

    @classmethod
    def of(cls, found: PostalAddress) -> "Place":
        return cls(
            prefecture=found.prefecture,
            prefecture_code=found.prefecture_code,
            city=found.city,
            town=found.town,
            block=found.block,
            organisation=found.organisation,
            kana=found.kana,
            address=found.address,
        )


class PostalCodeView(BaseModel):
    """The addresses of a postal code; most have one."""

    postal_code: str = Field(examples=["1000013"])
    release: str = Field(description="month of the data", examples=["2026.10.0"])
    places: list[Place]
