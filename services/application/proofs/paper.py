"""The proof as a PDF of one page: Japanese with English beneath, a QR code, and fonts that travel with it.

The same proof gives the same bytes. Its font has only the characters of the page (Noto Sans JP, SIL Open Font License).
"""

from dataclasses import dataclass
from datetime import date, datetime

from fpdf import FPDF

from services.application.papers.page import QUIET, begin, both, fact, font_of, in_words, rule, verification, write
from services.application.proofs import words as w
from shared.clock import JST
from shared.errors import Text


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that stands on the page. `address` is where the QR code leads, `code` what is typed instead."""

    receipt_number: str
    applicant: str
    birth_year: str
    procedures: tuple[Text, ...]
    status_of_residence: Text
    office: Text
    received_on: date
    stay_expiry: date | None
    special_period_end: date | None
    issued_at: datetime
    address: str
    code: str


def make_pdf(paper: Paper) -> bytes:
    """The page."""
    pdf = begin(f"{w.TITLE.ja} {paper.receipt_number}", paper.issued_at, _font())
    _heading(pdf)
    _table(pdf, paper)
    _meaning(pdf, paper)
    verification(pdf, paper.address, paper.code, w.HOW)
    return bytes(pdf.output())


def _heading(pdf: FPDF) -> None:
    write(pdf, w.TITLE.ja, 24)
    write(pdf, w.TITLE.en, 13, QUIET)
    pdf.ln(3)
    both(pdf, w.STATEMENT, 10.5)
    pdf.ln(4)


def _table(pdf: FPDF, paper: Paper) -> None:
    fact(pdf, w.NUMBER, paper.receipt_number, size=18)
    fact(pdf, w.APPLICANT, paper.applicant, w.BORN.format(year=paper.birth_year) if paper.birth_year else "")
    fact(pdf, w.PROCEDURE, "、".join(each.ja for each in paper.procedures), ", ".join(e.en for e in paper.procedures))
    fact(pdf, w.STATUS, paper.status_of_residence.ja, paper.status_of_residence.en)
    fact(pdf, w.RECEIVED, in_words(paper.received_on))
    fact(pdf, w.OFFICE, paper.office.ja, paper.office.en)
    fact(pdf, w.STANDING, w.PENDING.ja, w.PENDING.en)
    if paper.stay_expiry:
        fact(pdf, w.EXPIRY, in_words(paper.stay_expiry))
    if paper.special_period_end:
        fact(pdf, w.SPECIAL_END, in_words(paper.special_period_end))
    issued = paper.issued_at.astimezone(JST)
    fact(pdf, w.ISSUED, f"{in_words(issued.date())} {issued:%H:%M} (Japan)")
    rule(pdf)
    pdf.ln(4)


def _meaning(pdf: FPDF, paper: Paper) -> None:
    write(pdf, f"{w.MEANING.ja} / {w.MEANING.en}", 11)
    pdf.ln(1)
    issued_on = paper.issued_at.astimezone(JST).date()
    if paper.special_period_end is None:
        text = w.WITHOUT_SPECIAL_PERIOD
    else:
        text = w.SPECIAL_PERIOD_OVER if paper.special_period_end < issued_on else w.SPECIAL_PERIOD
    both(pdf, text, 8.5)
    pdf.ln(1.5)
    both(pdf, w.NOT_A_CARD, 8.5)


def _font() -> bytes:
    return font_of(*(value for value in vars(w).values() if isinstance(value, Text)))
