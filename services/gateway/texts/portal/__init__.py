"""Texts of the pages of applicants."""

from services.gateway.texts.portal import applications, case, filing, needs, new_application, receipt

SUBJECTS = (applications, case, filing, needs, new_application, receipt)
