"""The media type of a merge patch (RFC 7396), and the refusal of other ones."""

from typing import Annotated

from fastapi import Depends, Request

from shared.errors import Text, WrongType

MERGE_PATCH = "application/merge-patch+json"
# JSON that is sent to be merged can mean nothing else.
_READ = (MERGE_PATCH, "application/json")


async def _merge_patch(request: Request) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _READ:
        problem = WrongType(
            Text("{merge_patch} で送信してください", "Send a merge patch: {merge_patch}").with_values(
                merge_patch=MERGE_PATCH
            )
        )
        problem.headers = {"Accept-Patch": MERGE_PATCH}
        raise problem


# A parameter of a route whose body is a merge patch: refuses other media types with 415 (RFC 5789 §2.2).
MergePatch = Annotated[None, Depends(_merge_patch)]
