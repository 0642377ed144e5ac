"""Lines that several blocks of a form have: written once, named where they are asked.

Among the lines of a block stand, besides lines written out:

- the code of a shared line, which is asked as it is;
- `{"like": code, ...}`: a shared line, of which some things differ;
- `{"as": "rso", "ja": …, "en": …, "when": …, "fields": [...]}`: lines of a `party` (an organisation or a person), with
  their codes, conditions and labels as those of this party, and asked only where `when` holds too.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Line = Mapping[str, Any]
PARTY = "party."


def written_out(entries: Iterable[str | Line], shared: Mapping[str, list[Line]]) -> Iterator[Line]:
    """Every line that these entries stand for. Raises KeyError where a shared line does not exist."""
    for entry in entries:
        if isinstance(entry, str):
            yield from shared[entry]
        elif "like" in entry:
            changed = {key: value for key, value in entry.items() if key != "like"}
            yield from ({**line, **changed} for line in shared[entry["like"]])
        elif "as" in entry:
            yield from (_of_party(line, entry) for line in written_out(entry["fields"], shared))
        else:
            yield entry


def _of_party(line: Line, party: Line) -> Line:
    changed = {
        **line,
        "code": _renamed(line["code"], party["as"]),
        "ja": party.get("ja", "") + line["ja"],
        "en": party.get("en", "") + line["en"],
    }
    when = [
        *party.get("when", []),
        *({**asked, "field": _renamed(asked["field"], party["as"])} for asked in line.get("when", [])),
    ]
    if when:
        changed["when"] = when
    return changed


def _renamed(code: str, name: str) -> str:
    if not code.startswith(PARTY):
        return code
    inner = code.removeprefix(PARTY)
    return f"{name}.{inner}" if name else inner
