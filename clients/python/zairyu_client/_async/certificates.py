"""Certificates that were issued."""

from zairyu_client._async.transport import AsyncTransport, Id
from zairyu_client.models import application


class AsyncCertificates:
    """The certificate of an application, by the application's id."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get(self, application_id: Id) -> application.CertificateView:
        """Number, validity and standing. Raises `NotFound` before one is issued."""
        path = "/applications/{}/certificate"
        return await self._transport.model(application.CertificateView, "GET", path, application_id)

    async def file(self, application_id: Id) -> bytes:
        """The certificate as a signed PDF."""
        return await self._transport.content("GET", "/applications/{}/certificate/file", application_id)

    async def acknowledge(self, application_id: Id, *, key: str | None = None) -> application.CertificateView:
        """Record that the certificate arrived (受領登録)."""
        path = "/applications/{}/certificate/receipt"
        return await self._transport.model(application.CertificateView, "POST", path, application_id, key=key)

    async def send_link(
        self, application_id: Id, email: str, language: str, *, key: str | None = None
    ) -> application.CertificateView:
        """Send a link to the certificate to somebody."""
        path, body = "/applications/{}/certificate/links", {"email": email, "language": language}
        return await self._transport.model(
            application.CertificateView, "POST", path, application_id, json=body, key=key
        )

    async def stop_link(self, application_id: Id, link_id: Id) -> application.CertificateView:
        """End a link."""
        path = "/applications/{}/certificate/links/{}/stop"
        return await self._transport.model(application.CertificateView, "POST", path, application_id, link_id)
