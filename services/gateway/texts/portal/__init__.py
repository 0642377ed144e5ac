"""Texts of the pages of applicants."""

from services.gateway.texts.portal import applications, filing, needs, new_application, receipt

SUBJECTS = (applications, filing, needs, new_application, receipt)
