"""The designation paper (指定書) as a PDF of one page: the activity that a permission designates for its holder."""

from dataclasses import dataclass
from datetime import date, datetime

from fpdf import FPDF

from services.application.papers.page import QUIET, begin, both, fact, font_of, in_words, rule, write
from shared.errors import Text
from shared.reference.grant_conditions import GRANT_CONDITIONS, Words
from shared.reference.lists import code_list

TITLE = Text("指定書", "Designation of Activities")
_STATEMENT = Text(
    "出入国管理及び難民認定法の規定に基づき、次の者が本邦において行うことができる活動を、下記のとおり指定します。",
    "Under the Immigration Control and Refugee Recognition Act, the activity in which the person named below may "
    "engage in Japan is designated as follows.",
)
_NOTE = Text(
    "旅券に添付し、在留カードとともに携帯してください。指定された活動以外の活動を行う場合は、在留資格の変更等の許可が必要です。",
    "Keep it with the passport, and carry it together with the residence card. Another activity needs another "
    "permission.",
)
_SIGNED = Text(
    "この文書には電子署名が付されています。内容が変更されていないことを、PDFの閲覧ソフトで確認できます。",
    "This document is signed electronically. Programs that show PDFs say whether it is unchanged.",
)
_NAME = Text("氏名", "Name")
_NATIONALITY = Text("国籍・地域", "Nationality/Region")
_BIRTH = Text("生年月日", "Date of birth")
_SEX = Text("性別", "Sex")
_STATUS = Text("在留資格", "Status of residence")
_RECEIPT = Text("申請受付番号", "Receipt number")
_ON = Text("指定の日", "Designated on")
_BY = Text("指定者", "Designated by")
_COMMISSIONER = Text("出入国在留管理庁長官", "Commissioner of the Immigration Services Agency")


@dataclass(frozen=True, slots=True)
class DesignationPaper:
    """Everything that stands on the page."""

    name: str
    nationality: Text
    birth_date: str
    sex: Text | None
    status_of_residence: Text
    conditions: tuple[Words, ...]
    receipt_number: str
    office: Text
    made_at: datetime
    made_on: date


def designation_pdf(paper: DesignationPaper) -> bytes:
    """The page, without a signature."""
    pdf = begin(f"{TITLE.ja} {paper.receipt_number}", paper.made_at, _font(paper))
    write(pdf, TITLE.ja, 22)
    write(pdf, TITLE.en, 12, QUIET)
    pdf.ln(3)
    both(pdf, _STATEMENT, 10)
    pdf.ln(4)
    _facts(pdf, paper)
    pdf.ln(4)
    both(pdf, _NOTE, 8.5)
    pdf.ln(1.5)
    both(pdf, _SIGNED, 8.5)
    return bytes(pdf.output())


def _facts(pdf: FPDF, paper: DesignationPaper) -> None:
    fact(pdf, _NAME, paper.name)
    fact(pdf, _NATIONALITY, paper.nationality.ja, paper.nationality.en)
    fact(pdf, _BIRTH, paper.birth_date)
    if paper.sex:
        fact(pdf, _SEX, f"{paper.sex.ja} / {paper.sex.en}")
    fact(pdf, _STATUS, paper.status_of_residence.ja, paper.status_of_residence.en)
    for one in paper.conditions:
        fact(pdf, one.name, one.text.ja, "" if one.text.ja == one.text.en else one.text.en)
    fact(pdf, _RECEIPT, paper.receipt_number)
    fact(pdf, _ON, in_words(paper.made_on))
    fact(pdf, _BY, f"{_COMMISSIONER.ja}（{paper.office.ja}）", f"{_COMMISSIONER.en} ({paper.office.en})")
    rule(pdf)


def _font(paper: DesignationPaper) -> bytes:
    """The font with the characters of the officer's own words, which each paper has others of."""
    own = [value for value in globals().values() if isinstance(value, Text)]
    options = (*code_list("nationality").labels.values(), *code_list("ssw_field").labels.values(), Text("男女（）", ""))
    names = [row.name for row in GRANT_CONDITIONS.rows]
    return font_of.__wrapped__(*own, *options, *names, *(one.text for one in paper.conditions))
