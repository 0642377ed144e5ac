"""The photo and the document of the case, made on the spot: no real person's data is shipped."""

import io

import pikepdf

from deploy.demo.portraits import portrait


def face_photo() -> bytes:
    """A JPEG of 900 x 1200 pixels (3:4): a drawn face on a plain background, as a camera would deliver it."""
    out = io.BytesIO()
    portrait().save(out, "JPEG", quality=92, dpi=(300, 300))
    return out.getvalue()


def evidence(pages: int = 4) -> bytes:
    """A PDF with one page for each document of the application."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    for number in range(1, pages + 1):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = pdf.make_stream(f"BT /F1 18 Tf 72 740 Td (Evidence, page {number} of {pages}) Tj ET".encode())
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()
