"""PDFs: what is refused and why, and that a good one is only read."""

import pikepdf
import pytest

from services.document.checks.pdf import check_pdf
from services.document.checks.sniff import sniff, wrong_content
from tests.services.document import files


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (files.locked_pdf(), "pdf-encrypted"),
        (files.restricted_pdf(), "pdf-restricted"),
        (files.restricted_pdf(extract=False), "pdf-restricted"),
        (files.damaged_pdf(), "pdf-damaged"),
        (files.shifted_xref_pdf(), "pdf-table-damaged"),
        (b"%PDF-1.7\n", "pdf-damaged"),
        (files.empty_pdf(), "pdf-empty"),
        (files.script_pdf(), "pdf-active-content"),
        (files.launch_pdf(), "pdf-active-content"),
        (files.form_pdf(), "pdf-dynamic-form"),
        (files.pdf(1001), "pdf-too-long"),
    ],
    ids=[
        "password",
        "no-printing",
        "no-copying",
        "cut-off",
        "wrong-xref",
        "head-only",
        "no-pages",
        "script",
        "launch",
        "xfa",
        "long",
    ],
)
def test_unusable_pdf_is_refused_with_its_reason(data: bytes, code: str) -> None:
    assert check_pdf(data).problems == (code,)


def test_good_pdf_is_accepted_with_its_pages_and_not_changed() -> None:
    verdict = check_pdf(files.pdf(7))
    assert verdict.accepted
    assert verdict.pages == 7
    assert verdict.cleaned is None


def test_encryption_that_forbids_neither_printing_nor_copying_is_accepted() -> None:
    assert check_pdf(files.restricted_pdf(modify_other=False, modify_annotation=False)).accepted


def test_links_to_pages_and_the_web_are_no_active_content() -> None:
    def change(document: pikepdf.Pdf) -> None:
        action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://example.jp/"))
        document.Root["/OpenAction"] = pikepdf.Array([document.pages[0].obj, pikepdf.Name.Fit])
        document.pages[0].obj["/Annots"] = pikepdf.Array([pikepdf.Dictionary(Subtype=pikepdf.Name.Link, A=action)])

    assert check_pdf(files.pdf(change=change)).accepted


@pytest.mark.parametrize(
    ("kind", "head", "code"),
    [
        ("photo", b"%PDF-1.7", "kind-is-pdf"),
        ("pdf", b"\xff\xd8\xff\xe0", None),
        ("pdf", b"\x89PNG\r\n\x1a\n", None),
        ("pdf", b"II*\0", None),
        ("photo", b"MM\0*", "type-not-accepted"),
        ("pdf", b"\x00\x00\x00\x1cftypavif", "type-avif"),
        ("pdf", b"{\\rtf1", "type-office"),
        ("photo", b"\x00\x00\x00\x18ftypheic", None),
        ("photo", b"RIFF\x24\x00\x00\x00WEBPVP8 ", None),
        ("photo", b"\x00\x00\x00\x1cftypavif", "type-avif"),
        ("photo", b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avif", "type-avif"),
        ("pdf", b"\x00\x00\x00\x18ftypheic", None),
        ("pdf", b"PK\x03\x04", "type-office"),
        ("pdf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "type-office"),
        ("pdf", b"MZ\x90\x00%PDF-1.7", None),
        ("photo", b"GIF89a", "type-not-accepted"),
        ("photo", b"\xff\xd8\xff\xdb", None),
        ("photo", b"\x89PNG\r\n\x1a\n", None),
        ("pdf", b"\xef\xbb\xbf%PDF-1.4", None),
    ],
)
def test_content_decides_what_a_file_is(kind: str, head: bytes, code: str | None) -> None:
    assert wrong_content(kind, sniff(head)) == code
