"""Photos and documents."""

import builtins
import time as clock
from collections.abc import AsyncIterator, Iterable
from typing import Any, Literal

from zairyu_client._async.transport import AsyncTransport, Id
from zairyu_client.files import FileContent, Source, all_opened
from zairyu_client.models import document

# Above it a file goes in parts: a connection that breaks then costs one part of a megabyte.
IN_PARTS_FROM = 4 * 1024 * 1024
# A form of a part is good for ten minutes: a slow line needs new ones in between.
_ROUNDS = 20


class AsyncDocuments:
    """Files are checked when they arrive: what cannot be used is `FileRefused`, with the reasons and what to do."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def upload(
        self,
        file: Source | builtins.list[Source],
        kind: Literal["photo", "pdf"],
        *,
        codes: Iterable[str] = (),
        application_id: Id | None = None,
        name: str | None = None,
        crop: tuple[float, float, float] | None = None,
        key: str | None = None,
    ) -> document.DocumentBody:
        """Send a photo or a document; several pictures are the pages of one.

        A file above 4 MB goes in parts, of which only the missing ones are sent, also by another process after a crash:
        it is known by its content. `crop` is left, top and width of a photo in percent.
        """
        form = [("kind", kind), *(("codes", code) for code in codes)]
        if application_id is not None:
            form.append(("application_id", str(application_id)))
        if crop is not None:
            form += zip(("crop_left", "crop_top", "crop_width"), map(str, crop), strict=True)
        whole = []
        for each in all_opened(file, name):
            if len(each.content) > IN_PARTS_FROM:
                form.append(("upload_id", str(await self.send_parts(each))))
            else:
                whole.append(each)
        path = "/documents"
        return await self._transport.model(document.DocumentBody, "POST", path, form=form, files=whole, key=key)

    async def send_parts(self, file: FileContent) -> Id:
        """Send the missing parts of a file; the id of its upload."""
        body = {"file_name": file.name, "size": len(file.content), "sha256": file.sha256}
        for _ in range(_ROUNDS):
            # Asking again for the same content goes on with it, with new forms for what is missing.
            state = await self._transport.model(document.IncomingBody, "POST", "/uploads", json=body)
            if not state.missing:
                break
            began = clock.monotonic()
            for part in state.missing:
                if clock.monotonic() - began > state.seconds / 2:
                    break  # a slow line: the forms end soon, so ask for new ones
                content = file.content[part.offset : part.offset + part.size]
                await self._transport.post_part(state.url, part.fields, content)
        return state.id

    async def get(self, id: Id) -> document.DocumentBody:
        """A file: its checks, pages and measures."""
        return await self._transport.model(document.DocumentBody, "GET", "/documents/{}", id)

    def list(self, application_id: Id | None = None, *, limit: int = 100) -> AsyncIterator[document.DocumentBody]:
        """The owner's files, or those of one application."""
        query: dict[str, Any] = {"application_id": application_id, "limit": limit}
        return self._transport.items(document.DocumentBody, "/documents", query=query)

    async def link(self, id: Id) -> document.LinkBody:
        """An address from which the file can be fetched for some minutes."""
        return await self._transport.model(document.LinkBody, "GET", "/documents/{}/link", id)

    async def take_repaired(self, id: Id, *, own_file: bool = False) -> document.DocumentBody:
        """Take the repaired copy that a `FileRefused` offers; `own_file` states that a restriction may be taken off."""
        path, body = "/documents/{}/repair", {"own_file": own_file}
        return await self._transport.model(document.DocumentBody, "POST", path, id, json=body)

    async def delete(self, id: Id) -> None:
        """Delete a file that no filed application has."""
        await self._transport.send("DELETE", "/documents/{}", id)
