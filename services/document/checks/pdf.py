"""The check of a PDF. Runs in a child process, because parsers of PDF are attacked through their input."""

import re
from io import BytesIO
from typing import Any

import pikepdf

from services.document.checks import limits
from services.document.checks.structure import pdf_too_complex
from services.document.checks.verdict import Verdict

# What an officer's reader would do by itself, or at a click the officer does not expect (ISO 32000-1, 12.6.4).
_ACTIONS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition"})
_DEEPEST = 40
# Whether an object can be an action at all, asked of its written form, in which no name is disguised. The kind of an
# action may also be written as an object of its own.
_KINDS = b"|".join(name[1:].encode() for name in sorted(_ACTIONS))
_SUSPECT = re.compile(rb"/(?:JS|RichMedia|" + _KINDS + rb")\b|/(?:S|Subtype) \d+ \d+ R")
# How qpdf says that a stream was left out because of one of the limits below.
_LEFT_OUT = re.compile(r"limits? (?:exceeded|error)")

# What the parser unpacks of one stream of the structure, and through how many filters: programs use one. These hold
# where a file is disguised against `structure.py`, and for encrypted files.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=limits.PDF_MAX_STRUCTURE_BYTES // 2,
    run_length_max_memory=limits.PDF_MAX_STRUCTURE_BYTES // 2,
    png_max_memory=limits.PDF_MAX_STRUCTURE_BYTES // 2,
    tiff_max_memory=limits.PDF_MAX_STRUCTURE_BYTES // 2,
    max_stream_filters=1,
)


def check_pdf(data: bytes) -> Verdict:
    """Check a PDF. The file is kept byte for byte: it is evidence, and its hash is published."""
    if pdf_too_complex(data):
        return Verdict.refused("pdf-too-complex")
    try:
        # Repairing could drop pages in silence, so a file that needs repair is refused with advice.
        pdf = pikepdf.open(BytesIO(data), attempt_recovery=False, suppress_warnings=True, inherit_page_attributes=False)
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
    objects = pdf.objects
    if len(objects) > limits.PDF_MAX_OBJECTS or any(_LEFT_OUT.search(said) for said in pdf.get_warnings()):
        return Verdict.refused("pdf-too-complex")
    pages = len(pdf.pages)
    if pages == 0:
        return Verdict.refused("pdf-empty")
    if pages > limits.PDF_MAX_PAGES:
        return Verdict.refused("pdf-too-long", measured=pages, allowed=limits.PDF_MAX_PAGES)
    if "/AcroForm" in pdf.Root and "/XFA" in pdf.Root.AcroForm:
        return Verdict.refused("pdf-dynamic-form")
    if any(_suspect(item) and _acts(item, 0) for item in objects):
        return Verdict.refused("pdf-active-content")
    for page in pdf.pages:
        if not isinstance(page.obj, pikepdf.Dictionary):
            return Verdict.refused("pdf-damaged")
    return Verdict(pages=pages)


def _unrestricted(allow: pikepdf.Permissions) -> bool:
    """Printing and copying are what the authority needs; limits on editing alone do no harm."""
    return allow.print_lowres and allow.print_highres and allow.extract


def _suspect(item: Any) -> bool:
    """Whether an object needs the closer look: written out in one go, a hundred times quicker."""
    if isinstance(item, pikepdf.Stream):
        item = item.stream_dict
    return (
        isinstance(item, pikepdf.Dictionary | pikepdf.Array)
        and _SUSPECT.search(item.unparse(resolved=True)) is not None
    )


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
