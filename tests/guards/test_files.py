"""A file has one subject: the sizes that keep it so."""

from statistics import median, quantiles

from tests.guards.sources import ROOT, python_files

_CODE = ("services", "shared", "deploy")


def _lengths(*folders: str) -> dict[str, int]:
    files = [path for path in python_files(*folders) if path.name != "__init__.py"]
    return {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in files}


def test_no_file_is_longer_than_600_lines() -> None:
    assert {name: length for name, length in _lengths(*_CODE, "tests").items() if length > 600} == {}


def test_half_of_the_files_are_short_and_nine_in_ten_are_not_long() -> None:
    lengths = list(_lengths(*_CODE).values())
    assert median(lengths) < 110
    assert quantiles(lengths, n=10)[-1] <= 300
