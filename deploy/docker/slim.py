"""Takes out of an image's packages what no service of ours uses: `python slim.py SITE_PACKAGES`.

It runs in the first stage of the Dockerfile, with the standard library alone. In the same build `compile_used.py`
proves that everything that is imported is still there. Sources stay: some packages read their own, as anyio does.
"""

import shutil
import sys
from pathlib import Path

UNUSED = (
    # What compilers and type checkers read.
    *(f"**/*.{suffix}" for suffix in ("c", "cpp", "h", "hpp", "pxd", "pxi", "pyi", "pyx")),
    # Tests that packages bring with them.
    "Crypto/SelfTest",
    "alembic/testing",
    "greenlet/tests",
    "mako/testing",
    "sqlalchemy/testing",
    # Where telephone numbers are, and whose they were first.
    "phonenumbers/carrierdata",
    "phonenumbers/geodata",
    # Pictures in AVIF are refused by their first bytes, and nothing is written into pictures.
    "PIL/_avif.*",
    "PIL/_imagingft.*",
    *(f"pillow.libs/lib{name}*" for name in ("avif", "brotli", "freetype", "harfbuzz", "png")),
    # XML is read by lxml.etree; the rest is for HTML, schemas and other ways to write it.
    "lxml/html",
    "lxml/isoschematron",
    "lxml/objectify.*",
    # Papers are in the sans serif font.
    "pylopdf_fonts_jp/NotoSerif*",
)
# Babel has some 1,000. Those of the languages of our pages, with their regions, and what all are built on.
LOCALES = ("root", "en", "es", "fil", "ja", "ko", "vi", "zh")


def slim(packages: Path) -> None:
    """Remove what is unused."""
    for path in [path for pattern in UNUSED for path in packages.glob(pattern)]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for path in packages.glob("babel/locale-data/*.dat"):
        if path.stem.partition("_")[0] not in LOCALES:
            path.unlink()


if __name__ == "__main__":
    slim(Path(sys.argv[1]))
