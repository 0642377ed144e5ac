"""Queries of certificates and their links."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.application.tables import Application, Certificate, CertificateLink
from shared.db import ReadSession


async def of_application(session: ReadSession, application_id: Any) -> Certificate | None:
    """The certificate of an application."""
    found: Certificate | None = await session.scalar(
        select(Certificate).where(Certificate.application_id == application_id)
    )
    return found


async def locked_of_application(session: AsyncSession, application_id: Any) -> Certificate | None:
    """The same, locked for a change."""
    query = select(Certificate).where(Certificate.application_id == application_id).with_for_update()
    return (await session.scalars(query)).one_or_none()


async def of_number(session: ReadSession, number: str) -> tuple[Certificate, Application] | None:
    """The certificate with a number, whosever it is, and its application."""
    query = (
        select(Certificate, Application)
        .join(Application, Application.id == Certificate.application_id)
        .where(Certificate.number == number)
    )
    row: Any = (await session.execute(query)).first()
    return None if row is None else (row[0], row[1])


async def locked_link(session: AsyncSession, secret_hash: bytes) -> CertificateLink | None:
    """The link with that secret, locked: tries are counted one after the other."""
    query = select(CertificateLink).where(CertificateLink.secret_hash == secret_hash).with_for_update()
    return (await session.scalars(query)).one_or_none()


async def links_of(session: ReadSession, number: str) -> Sequence[CertificateLink]:
    """The links of a certificate, oldest first."""
    query = select(CertificateLink).where(CertificateLink.certificate_number == number)
    rows: Sequence[CertificateLink] = (await session.scalars(query.order_by(CertificateLink.sent_at))).all()
    return rows


async def count_links(session: ReadSession, number: str) -> int:
    """The number of links of a certificate, ended ones included."""
    query = select(func.count()).select_from(CertificateLink).where(CertificateLink.certificate_number == number)
    return int(await session.scalar(query))


async def photos_of_ended(session: AsyncSession, today: date, most: int) -> Sequence[Certificate]:
    """Certificates with a photo that cannot be used any more, locked; those that another process has are left out."""
    query = (
        select(Certificate)
        .where(
            Certificate.photo.is_not(None), or_(Certificate.valid_until < today, Certificate.revoked_at.is_not(None))
        )
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()


async def end_links(session: AsyncSession, number: str, moment: Any) -> None:
    """Stop every link of a certificate that still opens."""
    for link in await links_of(session, number):
        if link.ended_at is None:
            link.ended_at = moment
