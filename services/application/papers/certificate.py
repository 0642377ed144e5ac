"""A certificate as a PDF of one page: whom it is about, what it certifies, until when, and how it is verified."""

from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from fpdf import FPDF

from services.application.papers.page import (
    MARGIN,
    QUIET,
    WIDTH,
    begin,
    both,
    fact,
    font_of,
    in_words,
    rule,
    verification,
    write,
)
from shared.errors import Text
from shared.reference.codes import Procedure
from shared.reference.files import photo_rules
from shared.reference.grant_conditions import CONDITION_CHOICES, GRANT_CONDITIONS, Words
from shared.reference.lists import code_list

# What each paper is called, what it states, and what has to be known by who holds it.
_TITLES = {
    Procedure.COE: Text("在留資格認定証明書", "Certificate of Eligibility"),
    Procedure.WORKCERT: Text("就労資格証明書", "Certificate of Authorized Employment"),
    Procedure.EXTRA_ACT: Text(
        "資格外活動許可書", "Permission to Engage in Activity other than that Permitted under the Status of Residence"
    ),
}
_STATEMENTS = {
    Procedure.COE: Text(
        "次の者が、本邦において行おうとする活動について、下記の在留資格に係る上陸のための条件に適合していることを証明します。",
        "This certifies that the person named below meets the conditions for landing in Japan under the status of "
        "residence stated below.",
    ),
    Procedure.WORKCERT: Text(
        "次の者が、下記の在留資格により、申請に係る就労活動を行うことができることを証明します。",
        "This certifies that the person named below may engage in the work applied for under the status of residence "
        "stated below.",
    ),
    Procedure.EXTRA_ACT: Text(
        "次の者に対し、下記の在留資格に属しない活動を行うことを許可します。",
        "The person named below is permitted to engage in an activity outside the status of residence stated below.",
    ),
}
_NOTES = {
    Procedure.COE: Text(
        "査証の申請及び上陸の申請の際に、この証明書を電子機器の画面又は印刷した紙で提示してください。有効期間の末日までに上陸の申請"
        "をしないときは、この証明書は効力を失います。この証明書は、上陸を保証するものではありません。",
        "Show this certificate on a screen or on paper when you apply for a visa and for landing. It loses its effect "
        "unless you apply for landing by its last day. It does not guarantee landing.",
    ),
    Procedure.WORKCERT: Text(
        "在留カードとともに提示してください。在留資格又は勤務先が変わったときは、この証明書は使用できません。",
        "Show it together with the residence card. It cannot be used once the status of residence or the employer has "
        "changed.",
    ),
    Procedure.EXTRA_ACT: Text(
        "活動を行うときは、在留カードとともに携帯してください。許可は、在留資格の在留期間の満了の日までです。",
        "Carry it together with the residence card. The permission ends with the period of stay.",
    ),
}
_NUMBER = Text("証明書番号", "Certificate number")
_NAME = Text("氏名", "Name")
_NATIONALITY = Text("国籍・地域", "Nationality/Region")
_BIRTH = Text("生年月日", "Date of birth")
_SEX = Text("性別", "Sex")
_STATUS = Text("在留資格", "Status of residence")
_PERIOD = Text("在留期間", "Period of stay")
_RECEIPT = Text("申請受付番号", "Receipt number")
_ISSUED = Text("交付日", "Day of issue")
_UNTIL = Text("有効期間の末日", "Valid until")
_ISSUER = Text("交付者", "Issued by")
_COMMISSIONER = Text("出入国在留管理庁長官", "Commissioner of the Immigration Services Agency")
_SIGNED = Text(
    "この文書には電子署名が付されています。内容が変更されていないことを、PDFの閲覧ソフトで確認できます。",
    "This document is signed electronically. Programs that show PDFs say whether it is unchanged.",
)
_HOW = Text(
    "QRコードを読み取るか、{address} に次のコードを入力すると、真正であるか、現在も有効であるかを誰でも確認できます。"
    "氏名は表示されません。",
    "Scan the QR code, or enter the code below at {address}. Anybody sees whether it is genuine and valid now; no name "
    "is shown.",
)


@dataclass(frozen=True, slots=True)
class CertificatePaper:
    """Everything that stands on the page. `photo` is a JPEG, None where the paper has none, `conditions` the grant's;
    `address` is where the QR code leads, `code` what is typed instead."""

    number: str
    procedure: str
    name: str
    nationality: Text
    birth_date: str
    sex: Text | None
    status_of_residence: Text
    period_of_stay: Text | None
    conditions: tuple[Words, ...]
    receipt_number: str
    office: Text
    issued_at: datetime
    issued_on: date
    valid_until: date | None
    photo: bytes | None
    address: str
    code: str


def title_of(procedure: str) -> Text:
    """The name of the paper that a grant of the procedure leads to."""
    return _TITLES[Procedure(procedure)]


def certificate_pdf(paper: CertificatePaper) -> bytes:
    """The page, without a signature."""
    procedure, title = Procedure(paper.procedure), title_of(paper.procedure)
    pdf = begin(f"{title.ja} {paper.number}", paper.issued_at, _font(paper))
    write(pdf, title.ja, 22)
    write(pdf, title.en, 12, QUIET)
    pdf.ln(3)
    both(pdf, _STATEMENTS[procedure], 10)
    pdf.ln(4)
    _facts(pdf, paper)
    pdf.ln(4)
    both(pdf, _NOTES[procedure], 8.5)
    pdf.ln(1.5)
    both(pdf, _SIGNED, 8.5)
    verification(pdf, paper.address, paper.code, _HOW)
    return bytes(pdf.output())


def _facts(pdf: FPDF, paper: CertificatePaper) -> None:
    beside = _photo(pdf, paper)
    fact(pdf, _NUMBER, paper.number, size=16, width=beside)
    fact(pdf, _NAME, paper.name, width=beside)
    fact(pdf, _NATIONALITY, paper.nationality.ja, paper.nationality.en, width=beside)
    fact(pdf, _BIRTH, paper.birth_date, width=beside)
    if paper.sex:
        fact(pdf, _SEX, f"{paper.sex.ja} / {paper.sex.en}", width=beside)
    fact(pdf, _STATUS, paper.status_of_residence.ja, paper.status_of_residence.en)
    if paper.period_of_stay:
        fact(pdf, _PERIOD, f"{paper.period_of_stay.ja} / {paper.period_of_stay.en}")
    for one in paper.conditions:
        stated = one.text.ja if one.text.ja == one.text.en else f"{one.text.ja} / {one.text.en}"
        fact(pdf, one.name, stated)
        if one.meaning:
            both(pdf, one.meaning, 8.5)
    fact(pdf, _RECEIPT, paper.receipt_number)
    fact(pdf, _ISSUED, in_words(paper.issued_on))
    if paper.valid_until:
        fact(pdf, _UNTIL, in_words(paper.valid_until))
    fact(pdf, _ISSUER, f"{_COMMISSIONER.ja}（{paper.office.ja}）", f"{_COMMISSIONER.en} ({paper.office.en})")
    rule(pdf)


def _photo(pdf: FPDF, paper: CertificatePaper) -> float:
    """Put the photo to the right of the first facts; answers how wide these may be."""
    if paper.photo is None:
        return WIDTH
    rules = photo_rules(paper.issued_on)
    left = MARGIN + WIDTH - rules.width_mm
    pdf.image(BytesIO(paper.photo), x=left, y=pdf.get_y(), w=rules.width_mm, h=rules.height_mm, alt_text=_NAME.en)
    return WIDTH - rules.width_mm - 6


def _font(paper: CertificatePaper) -> bytes:
    """The font of every certificate, which has the names of all nationalities and is made once; with the characters of
    an officer's own words it is one paper's."""
    own = [value for value in globals().values() if isinstance(value, Text)]
    by_procedure = [text for table in (_TITLES, _STATEMENTS, _NOTES) for text in table.values()]
    options = (*code_list("nationality").labels.values(), Text("男女無期限在留期間活動を行う（）", ""))
    words = [row.name for row in GRANT_CONDITIONS.rows]
    words += [text for row in CONDITION_CHOICES.rows for text in (row.name, row.meaning) if text]
    typed = [one.text for one in paper.conditions if one.text.ja == one.text.en]
    make = font_of.__wrapped__ if typed else font_of
    return make(*own, *by_procedure, *options, *words, *code_list("ssw_field").labels.values(), *typed)
