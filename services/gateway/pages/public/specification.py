"""The API specification, for programs and for people."""

from fastapi import Request, Response

from services.gateway.edge.context import CurrentGateway
from services.gateway.pages.kit.frame import PageLanguage, page_router, render_page, render_part

router = page_router()


@router.get("/openapi.json")
async def openapi(request: Request, gateway: CurrentGateway) -> Response:
    """The interface of all services in one document."""
    contract = await gateway.contracts.current()
    headers = {"ETag": contract.etag, "Cache-Control": "public, max-age=60"}
    if contract.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(contract.body, media_type="application/json", headers=headers)


@router.get("/docs")
async def docs(request: Request, gateway: CurrentGateway, lang: PageLanguage) -> Response:
    """The same, for people. Its list is made once for each language: it takes longer than any other page."""
    contract = await gateway.contracts.current()
    made = gateway.contracts.pages.get(lang)
    if made is None or made[0] != contract.etag:
        made = gateway.contracts.pages[lang] = (
            contract.etag,
            render_part("public/specification/listing", lang, groups=contract.groups),
        )
    return render_page(request, "public/specification/specification", lang, listing=made[1], missing=contract.missing)
