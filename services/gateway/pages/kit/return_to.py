"""The page to return to after signing in or a step-up: a path of this site, and nothing else."""

import re
from typing import Annotated

from fastapi import Depends, Query, Request

# Where signing in leads: people see there what needs them now, officers go on to their work.
HOME = "/home"
OFFICE = "/desk"
# The page to which an officer without a second factor is sent.
ENROLMENT = "/account/security/authenticator"
# One slash and then visible ASCII without a backslash: "//host", "/\host" and tabs lead to another site.
_OURS = re.compile(r"/(?!/)[A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,1000}")
_NO_PAGE = re.compile(r"/(?:api|session|static|sign-in|sign-out|healthz|readyz|metrics|openapi\.json)(?:[/?]|$)")


def return_path(wanted: str | None) -> str:
    """`wanted` where it is the path of a page of ours, else `HOME`."""
    if wanted is None or not _OURS.fullmatch(wanted) or _NO_PAGE.match(wanted):
        return HOME
    return wanted


async def _asked(return_to: Annotated[str | None, Query()] = None) -> str:
    return return_path(return_to)


ReturnTo = Annotated[str, Depends(_asked)]


def this_page(request: Request) -> str:
    """The path of the page that was asked for, to come back to."""
    query = request.url.query
    return return_path(f"{request.url.path}?{query}" if query else request.url.path)
