"""Texts of the pages of applicants."""

from services.gateway.texts.portal import filing, new_application, receipt

SUBJECTS = (filing, new_application, receipt)
