"""Texts of the pages on which people sign in and register."""

from services.gateway.texts.entry import (
    forgotten,
    identity,
    links,
    personal_registration,
    registration_start,
    second_step,
    sign_in,
    usage_registration,
)

SUBJECTS = (
    forgotten,
    identity,
    links,
    personal_registration,
    registration_start,
    second_step,
    sign_in,
    usage_registration,
)
