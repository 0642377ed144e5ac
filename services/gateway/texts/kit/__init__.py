"""Texts that pages of several areas show."""

from services.gateway.texts.kit import (
    client,
    errors,
    forms,
    frame,
    operator,
    organisations,
    proofs,
    roles,
    submissions,
    uploads,
)

SUBJECTS = (
    client,
    errors,
    forms,
    frame,
    operator,
    organisations,
    proofs,
    roles,
    submissions,
    uploads,
)
