"""Texts of the pages for everybody."""

from services.gateway.texts.public import (
    agreements,
    site_texts,
    specification,
    start,
    verification,
)

SUBJECTS = (
    agreements,
    site_texts,
    specification,
    start,
    verification,
)
