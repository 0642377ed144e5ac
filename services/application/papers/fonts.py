"""The font of printed pages: Noto Sans JP (SIL Open Font License), with the characters that a page has alone."""

from importlib import resources
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fpdf import FPDF

FONT = "Noto Sans JP"


def font_with(text: str) -> bytes:
    """The font with these characters. Parsing the whole one takes a third of a second."""
    source = resources.files("pylopdf_fonts_jp").joinpath("NotoSansJP-Regular.otf").read_bytes()
    font = TTFont(BytesIO(source), recalcTimestamp=False)
    # Metrics for vertical writing would be worked out again for every page.
    unused = [*Options().drop_tables, "vhea", "vmtx", "VORG", "BASE", "GSUB", "GPOS"]
    keeper = Subsetter(Options(notdef_outline=True, layout_features=[], drop_tables=unused))
    keeper.populate(text=text)
    keeper.subset(font)
    kept = BytesIO()
    font.save(kept)
    return kept.getvalue()


def use_font(pdf: FPDF, font: bytes) -> None:
    """Make the font known to a document, under the name `FONT`."""
    with TemporaryDirectory() as folder:
        # The library reads fonts from files alone.
        path = Path(folder, "NotoSansJP.otf")
        path.write_bytes(font)
        pdf.add_font(FONT, fname=path)
