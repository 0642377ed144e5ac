"""Values that people type: normalised where their meaning is clear, refused with a reason where it is not.

Every function takes the typed text and returns the normal form, or raises `BadValue`.
"""

from shared.reference.validators.contact import phone, postal_code
from shared.reference.validators.errors import BadValue
from shared.reference.validators.identity import icao_check_digit, passport_number, residence_card_number
from shared.reference.validators.names import roman_name
from shared.reference.validators.organisation import (
    corporate_number,
    employment_insurance_number,
    support_organisation_number,
)
from shared.reference.validators.width import full_width, half_width

__all__ = [
    "BadValue",
    "corporate_number",
    "employment_insurance_number",
    "full_width",
    "half_width",
    "icao_check_digit",
    "passport_number",
    "phone",
    "postal_code",
    "residence_card_number",
    "roman_name",
    "support_organisation_number",
]
