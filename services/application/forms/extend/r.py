"""Extension, section R (区分R): 家族滞在."""

from services.application.forms.sections import section_form

EXTEND_R = section_form("EXTEND", "R")
