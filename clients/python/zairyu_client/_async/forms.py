"""Procedures and their forms."""

from zairyu_client._async.transport import AsyncTransport
from zairyu_client.models import application


class AsyncForms:
    """The forms that are accepted today, with their fields, a complete example of each, and templates for many rows."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def list(self) -> list[application.Offered]:
        """Every form of every procedure; one that is still accepted stands beside the newer one."""
        return (await self._transport.model(application.OfferedForms, "GET", "/forms")).items

    async def newest(self, procedure: str, status_of_residence: str) -> application.Offered | None:
        """The newest form of a procedure for a status of residence; None where there is none."""
        offered = [
            form
            for form in await self.list()
            if form.procedure == procedure and (not form.statuses or status_of_residence in form.statuses)
        ]
        return max(offered, key=lambda form: str(form.valid_from or ""), default=None)

    async def get(
        self, version: str, *, status: str | None = None, activity: str | None = None
    ) -> application.PublishedForm:
        """The fields of a form, with labels, choices and rules."""
        query = {"status": status, "activity": activity}
        return await self._transport.model(application.PublishedForm, "GET", "/forms/{}", version, query=query)

    async def example(self, version: str) -> application.FormExample:
        """Complete answers of an invented person, in the shape in which a draft is begun."""
        return await self._transport.model(application.FormExample, "GET", "/forms/{}/example", version)

    async def template(self, version: str, *, status: str, activity: str | None = None, format: str = "xlsx") -> bytes:
        """A workbook (`xlsx`) or a `csv` with a row for each application, for `imports.upload`."""
        query = {"status": status, "activity": activity, "format": format}
        return await self._transport.content("GET", "/forms/{}/template", version, query=query)
