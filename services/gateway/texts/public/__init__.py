"""Texts of the pages for everybody."""

from services.gateway.texts.public import (
    agreements,
    site_texts,
    specification,
    start,
)

SUBJECTS = (
    agreements,
    site_texts,
    specification,
    start,
)
