"""Static files of pages. Each has the digest of its content in its name: caches keep it for a year, and a release
that changes it changes its name."""

from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType

from fastapi import APIRouter, Response

from services.gateway.edge.admission import admitted
from services.gateway.edge.caller import ActsBy
from shared.auth import public
from shared.errors import NotFound

_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "ico": "image/x-icon"}
_FOR_A_YEAR = {"Cache-Control": "public, max-age=31536000, immutable"}
_FOR_A_DAY = {"Cache-Control": "public, max-age=86400"}
# What search engines may look at: the pages for everybody, and nothing that a link in a mail opens.
_ROBOTS = """User-agent: *
Disallow: /account
Disallow: /applications
Disallow: /api/
Disallow: /desk
Disallow: /email/
Disallow: /identity/
Disallow: /kept-form
Disallow: /oauth/
Disallow: /password/
Disallow: /register/confirm/
Disallow: /register/personal
Disallow: /session
Disallow: /sign-out
Disallow: /upload/
Disallow: /usage-registration/draft/
"""


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    media_type: str
    address: str


def _read() -> dict[str, _File]:
    found = {}
    for one in files("services.gateway").joinpath("static").iterdir():
        stem, _, ending = one.name.rpartition(".")
        if ending in _TYPES:
            content = one.read_bytes()
            address = f"/static/{stem}.{sha256(content).hexdigest()[:12]}.{ending}"
            found[one.name] = _File(content, _TYPES[ending], address)
    return found


_FILES = MappingProxyType(_read())
_BY_ADDRESS = {file.address: file for file in _FILES.values()}

router = APIRouter(include_in_schema=False, dependencies=[public, admitted(ActsBy.SESSION)])


def address(name: str) -> str:
    """The address of the file of that name. Raises `KeyError` where there is none."""
    return _FILES[name].address


def addresses(ending: str) -> set[str]:
    """The addresses of all files of one kind."""
    return {file.address for name, file in _FILES.items() if name.endswith(f".{ending}")}


@router.get("/static/{name}")
async def static(name: str) -> Response:
    """One file, under the name that it has now."""
    file = _BY_ADDRESS.get(f"/static/{name}")
    if file is None:
        raise NotFound()
    return Response(file.content, media_type=file.media_type, headers=_FOR_A_YEAR)


@router.get("/favicon.ico")
async def favicon() -> Response:
    """The mark, for browsers that look for it here."""
    file = _FILES["favicon.ico"]
    return Response(file.content, media_type=file.media_type, headers=_FOR_A_DAY)


@router.get("/robots.txt")
async def robots() -> Response:
    """The pages that search engines are to leave out (robots.txt)."""
    return Response(_ROBOTS, media_type="text/plain", headers=_FOR_A_DAY)
