"""The API specification, for programs and for people."""

from fastapi import Request, Response

from services.gateway.edge.context import TheDesk
from services.gateway.pages.kit.frame import PageLanguage, page, page_router, part

router = page_router()


@router.get("/openapi.json")
async def openapi(request: Request, desk: TheDesk) -> Response:
    """The interface of all services in one document."""
    contract = await desk.contracts.current()
    headers = {"ETag": contract.etag, "Cache-Control": "public, max-age=60"}
    if contract.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(contract.body, media_type="application/json", headers=headers)


@router.get("/docs")
async def docs(request: Request, desk: TheDesk, lang: PageLanguage) -> Response:
    """The same, for people. Its list is made once for each language: it takes longer than any other page."""
    contract = await desk.contracts.current()
    made = desk.contracts.pages.get(lang)
    if made is None or made[0] != contract.etag:
        made = desk.contracts.pages[lang] = (
            contract.etag,
            part("public/specification/listing", lang, groups=contract.groups),
        )
    return page(request, "public/specification/specification", lang, listing=made[1], missing=contract.missing)
