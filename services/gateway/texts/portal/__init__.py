"""Texts of the applicants' pages."""

from services.gateway.texts.portal import receipt

SUBJECTS = (receipt,)
