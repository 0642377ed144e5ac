"""No mutated PDF ends its check, and what is accepted or repaired shows on every page.

`make test` checks 300 mutations in tests/services/document/test_pdf_corpus.py, the same each time; `make fuzz` 9,000
others, beside 1,000 photos.
"""

import os
from random import randrange

import pytest

from tests.services.document.test_pdf_corpus import mutations, require_sound

pytestmark = pytest.mark.system

EXAMPLES = int(os.environ.get("ZAIRYU_FUZZ_EXAMPLES", "1"))


@pytest.mark.server
def test_mutated_pdfs_are_checked_to_the_end() -> None:
    require_sound(mutations(EXAMPLES * 90, seed=randrange(2**32)))
