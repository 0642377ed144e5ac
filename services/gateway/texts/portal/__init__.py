"""Texts of the pages of applicants."""

from services.gateway.texts.portal import applications, home

SUBJECTS = (home, applications)
