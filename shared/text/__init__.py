"""Typed text: every value that people type or paste is read by the one rule of its kind.

Every function takes the typed text and returns the normal form, or raises `BadValue` with a reason in Japanese and
English. `shared.text.typed` has the same kinds as fields of a request. docs/texts.md describes the rules.
"""

from shared.text.answers import yes_or_no
from shared.text.contact import phone, phone_hint, postal_code
from shared.text.dates import day, partial_day
from shared.text.errors import BadValue
from shared.text.identity import icao_check_digit, passport_number, residence_card_number
from shared.text.lines import is_blank, one_line, several_lines, short_enough, unfinished
from shared.text.mail import email_address, masked_address, meant_address
from shared.text.names import is_written_in_several_ways, roman_name, roman_name_hint
from shared.text.numbers import whole_number
from shared.text.official import is_official, is_sendable, official_hint, official_text
from shared.text.organisation import corporate_number, employment_insurance_number, support_organisation_number
from shared.text.width import code_like, full_width, half_width, hyphened

__all__ = [
    "BadValue",
    "code_like",
    "corporate_number",
    "day",
    "email_address",
    "employment_insurance_number",
    "full_width",
    "half_width",
    "hyphened",
    "icao_check_digit",
    "is_blank",
    "is_official",
    "is_sendable",
    "is_written_in_several_ways",
    "masked_address",
    "meant_address",
    "official_hint",
    "official_text",
    "one_line",
    "partial_day",
    "passport_number",
    "phone",
    "phone_hint",
    "postal_code",
    "residence_card_number",
    "roman_name",
    "roman_name_hint",
    "several_lines",
    "short_enough",
    "support_organisation_number",
    "unfinished",
    "whole_number",
    "yes_or_no",
]
