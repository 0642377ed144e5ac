"""Active content of a PDF: actions that a reader would do by itself, or at a click that nobody expects."""

import re
from typing import Any

import pikepdf

# ISO 32000-1, 12.6.4.
_ACTIONS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition"})
_DEEPEST = 40
# Whether an object can be an action at all, asked of its written form, in which no name is disguised. The kind of an
# action may also be written as an object of its own.
_KINDS = b"|".join(name[1:].encode() for name in sorted(_ACTIONS))
_SUSPECT = re.compile(rb"/(?:JS|" + _KINDS + rb")\b|/S \d+ \d+ R")


def acts(item: Any, written: bytes) -> bool:
    """Whether an object, or one inside it, is an action that is not accepted. `written` is its written form: it tells
    in one go, a hundred times quicker, where no closer look is needed."""
    return _SUSPECT.search(written) is not None and _acts(item, 0)


def _acts(item: Any, depth: int) -> bool:
    if depth > _DEEPEST:
        raise ValueError("nested too deep")
    # What is only referred to is visited as an object of its own; and references may go round in circles.
    if depth and isinstance(item, pikepdf.Object) and item.is_indirect:
        return False
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        entries = _entries(item)
        return _is_action(entries) or any(_acts(value, depth + 1) for value in entries.as_dict().values())
    if isinstance(item, pikepdf.Array):
        return any(_acts(value, depth + 1) for value in item.as_list())
    return False


def remove_actions(pdf: pikepdf.Pdf) -> None:
    """Take active content off everything that refers to it. What is drawn stays as it is."""
    names = pdf.Root.get("/Names")
    if names is not None and "/JavaScript" in names:
        del names["/JavaScript"]
    for item in pdf.objects:
        _remove(item, 0)


def _remove(item: Any, depth: int) -> None:
    if depth > _DEEPEST:
        raise ValueError("nested too deep")
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        entries = _entries(item)
        for key, value in list(entries.as_dict().items()):
            if key == "/JS" or (isinstance(value, pikepdf.Dictionary) and _is_action(value)):
                del entries[key]
            elif isinstance(value, pikepdf.Object) and not value.is_indirect:
                _remove(value, depth + 1)
    elif isinstance(item, pikepdf.Array):
        kept = [each for each in item.as_list() if not (isinstance(each, pikepdf.Dictionary) and _is_action(each))]
        if len(kept) < len(item):
            while len(item):
                del item[0]
            item.extend(kept)
        for value in kept:
            if isinstance(value, pikepdf.Object) and not value.is_indirect:
                _remove(value, depth + 1)


def _is_action(entries: pikepdf.Dictionary) -> bool:
    keys = entries.keys()
    return "/JS" in keys or ("/S" in keys and str(entries["/S"]) in _ACTIONS)


def _entries(item: Any) -> Any:
    return item.stream_dict if isinstance(item, pikepdf.Stream) else item
