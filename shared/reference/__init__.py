"""The rules of the field as data with effective dates: what holds on this day? See docs/reference-data.md.

Each subject is a module; import its functions from there. Whatever depends on a day takes the day as an argument.
"""
