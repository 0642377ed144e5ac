"""The route of postal codes: public, and the same for everybody until the data of the next month."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Response

from services.application.postal_codes.problems import NoSuchPostalCode
from services.application.postal_codes.schemas import Place, PostalCodeView
from shared.auth import public
from shared.http import refusals
from shared.reference.postal_codes import addresses_of, release
from shared.text.typed import PostalCode

router = APIRouter(prefix="/v1/postal-codes", tags=["reference"])
KnownTag = Annotated[str | None, Header(alias="If-None-Match", max_length=200)]
_A_DAY = "public, max-age=86400"


@router.get(
    "/{code}",
    dependencies=[public],
    response_model=PostalCodeView,
    responses={304: {"description": "As the caller has it"}, **refusals(404)},
)
async def postal_code(
    code: Annotated[PostalCode, Path(examples=["100-0013"])], response: Response, known: KnownTag = None
) -> PostalCodeView | Response:
    """The addresses of a postal code, in any width and with or without 〒 and hyphen."""
    places = addresses_of(code)
    if not places:
        raise NoSuchPostalCode()
    headers = {"ETag": f'"{release()}-{code}"', "Cache-Control": _A_DAY}
    if known == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return PostalCodeView(postal_code=code, release=release(), places=[Place.of(place) for place in places])
