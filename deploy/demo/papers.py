"""The photo and the document of the case, made on the spot: no real person's data is shipped."""

import io

import pikepdf
from PIL import Image, ImageDraw, ImageFilter


def face_photo() -> bytes:
    """A JPEG of 900 x 1200 pixels (3:4): a drawn face on a plain background, as a camera would deliver it."""
    image = Image.new("RGB", (900, 1200), (236, 240, 244))
    draw = ImageDraw.Draw(image)
    draw.ellipse((120, 930, 780, 1500), fill=(52, 66, 92))  # shoulders
    draw.rectangle((375, 800, 525, 1000), fill=(214, 176, 150))  # neck
    draw.ellipse((255, 190, 645, 640), fill=(46, 36, 32))  # hair
    draw.ellipse((275, 240, 625, 890), fill=(226, 190, 164))  # face
    for x in (370, 530):
        draw.ellipse((x - 32, 505, x + 32, 540), fill=(250, 250, 250))
        draw.ellipse((x - 15, 507, x + 15, 538), fill=(60, 42, 30))
        draw.rectangle((x - 45, 462, x + 45, 474), fill=(46, 36, 32))
    draw.polygon([(450, 545), (425, 660), (475, 660)], fill=(208, 168, 142))
    draw.ellipse((385, 725, 515, 765), fill=(176, 92, 88))
    out = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(1)).save(out, "JPEG", quality=92, dpi=(300, 300))
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
