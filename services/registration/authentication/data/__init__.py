"""Data that the rules are given."""

from functools import cache
from importlib.resources import files


@cache
def common_words() -> frozenset[str]:
    """The words that everybody tries first as a password, lower-case: names, places, dates, walks over keys."""
    return frozenset(files(__name__).joinpath("common_words.txt").read_text().split())
