"""A part of a page in docs/ that is generated from the code, between two marks."""

import sys
from dataclasses import dataclass
from pathlib import Path

_DOCS = Path(__file__).resolve().parents[1] / "docs"


@dataclass(frozen=True, slots=True)
class GeneratedPart:
    """The part named `mark` of the page `docs/<page>`, between `<!-- mark -->` and `<!-- /mark -->`."""

    page: str
    mark: str

    def run(self, text: str) -> int:
        """Write `text` there; with `--check` on the command line only compare. The exit status."""
        path = _DOCS / self.page
        present = path.read_text()
        begin, end = f"<!-- {self.mark} -->", f"<!-- /{self.mark} -->"
        before, rest = present.split(begin)
        wanted = f"{before}{begin}\n\n{text}\n\n{end}{rest.split(end)[1]}"
        if "--check" not in sys.argv:
            path.write_text(wanted)
        elif present != wanted:
            print(f"docs/{self.page}: the part `{self.mark}` is not that of the code: run make docs")
            return 1
        return 0
