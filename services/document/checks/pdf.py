"""The check of a PDF. Runs in a child process, because parsers of PDF are attacked through their input."""

from io import BytesIO
from typing import Any

import pikepdf

from services.document import domain
from services.document.checks.verdict import Verdict

# What an officer's reader would do by itself, or at a click the officer does not expect (ISO 32000-1, 12.6.4).
_ACTIONS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition"})
_DEEPEST = 40


def check_pdf(data: bytes) -> Verdict:
    """Check a PDF. The file is kept byte for byte: it is evidence, and its hash is told."""
    try:
        # Repairing could drop pages in silence, so a file that needs repair is refused with advice.
        pdf = pikepdf.open(BytesIO(data), attempt_recovery=False, suppress_warnings=True)
    except pikepdf.PasswordError:
        return Verdict.refused("pdf-encrypted")
    except pikepdf.PdfError as error:
        # Certificates and rights servers: a way to encrypt that needs more than a password.
        return Verdict.refused("pdf-encrypted" if "encrypt" in str(error).lower() else "pdf-damaged")
    with pdf:
        try:
            return _check(pdf)
        except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return Verdict.refused("pdf-damaged")


def _check(pdf: pikepdf.Pdf) -> Verdict:
    if pdf.is_encrypted and not _unrestricted(pdf.allow):
        return Verdict.refused("pdf-restricted")
    if len(pdf.objects) > domain.PDF_MAX_OBJECTS:
        return Verdict.refused("pdf-too-long")
    pages = len(pdf.pages)
    if pages == 0:
        return Verdict.refused("pdf-empty")
    if pages > domain.PDF_MAX_PAGES:
        return Verdict.refused("pdf-too-long")
    if "/AcroForm" in pdf.Root and "/XFA" in pdf.Root.AcroForm:
        return Verdict.refused("pdf-dynamic-form")
    if any(_acts(item, 0) for item in pdf.objects):
        return Verdict.refused("pdf-active-content")
    for page in pdf.pages:
        if not isinstance(page.obj, pikepdf.Dictionary):
            return Verdict.refused("pdf-damaged")
    return Verdict(pages=pages)


def _unrestricted(allow: pikepdf.Permissions) -> bool:
    """Printing and copying are what the authority needs; limits on editing alone do no harm."""
    return allow.print_lowres and allow.print_highres and allow.extract


def _acts(item: Any, depth: int) -> bool:
    """Whether an object, or one written inside it, is an action that is not accepted."""
    if depth > _DEEPEST:
        raise ValueError("nested too deep")
    # What is only referred to is visited as an object of its own; and references may go round in circles.
    if depth and isinstance(item, pikepdf.Object) and item.is_indirect:
        return False
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        entries = item.stream_dict if isinstance(item, pikepdf.Stream) else item
        keys = entries.keys()
        if "/JS" in keys or ("/S" in keys and str(entries["/S"]) in _ACTIONS):
            return True
        if "/Subtype" in keys and str(entries["/Subtype"]) == "/RichMedia":
            return True
        return any(_acts(value, depth + 1) for value in entries.as_dict().values())
    if isinstance(item, pikepdf.Array):
        return any(_acts(value, depth + 1) for value in item.as_list())
    return False
