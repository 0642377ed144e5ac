"""Texts of the pages of applicants."""

from services.gateway.texts.portal import applications, needs

SUBJECTS = (needs, applications)
