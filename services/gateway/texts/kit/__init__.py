"""Texts that pages of several areas show."""

from services.gateway.texts.kit import (
    client,
    components,
    errors,
    forms,
    frame,
    lists,
    operator,
    organisations,
    progress,
    proofs,
    roles,
    submissions,
    uploads,
)

SUBJECTS = (
    client,
    components,
    errors,
    forms,
    frame,
    lists,
    operator,
    organisations,
    progress,
    proofs,
    roles,
    submissions,
    uploads,
)
