"""Kinds of documents: code, name, and the way in which each reaches the office."""

from dataclasses import dataclass
from typing import Literal

from shared.errors import Text
from shared.reference.dated import Dated, Table

How = Literal["form", "upload", "show", "mail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentType(Dated):
    """One kind of document. `how`: filled in as the form, uploaded as PDF, shown (a scan helps), or mailed."""

    code: str
    name: Text
    how: How


def _type(code: str, ja: str, en: str, how: How = "upload") -> DocumentType:
    return DocumentType(code=code, name=Text(ja, en), how=how, source="ISA document lists; codes of this project")


DOCUMENT_TYPES = Table(
    "document_types",
    lambda row: row.code,
    [
        _type("APP_FORM", "申請書", "Application form", "form"),
        _type("RETURN_ENV", "返信用封筒", "Return envelope", "mail"),
        _type("PASSPORT_CARD", "旅券・在留カード", "Passport and residence card", "show"),
        _type("CAT_PROOF", "カテゴリーを証明する文書", "Proof of the organisation's category"),
        _type("SENMONSHI", "専門士・高度専門士の称号を証明する文書", "Diploma of a vocational college"),
        _type(
            "DISPATCH",
            "派遣に関する資料（誓約書、労働条件通知書、個別契約書等）",
            "Documents on dispatch (pledges, working conditions, contract)",
        ),
        _type("OMIT_EXPL", "提出書類省略に関する説明書", "Explanation of omitted documents"),
        _type("ACTIVITY", "活動の内容等を明らかにする資料", "Documents on the activity (working conditions, articles)"),
        _type("CAREER", "学歴・職歴等を証明する文書", "Proof of education and career"),
        _type("REGISTRY", "登記事項証明書", "Certificate of registered matters"),
        _type("BUSINESS", "事業内容を明らかにする資料", "Documents on the business"),
        _type("FINANCIAL", "直近の年度の決算文書又は事業計画書", "Latest accounts, or a business plan"),
        _type("REP_DECL", "所属機関の代表者に関する申告書", "Declaration about the organisation's representative"),
        _type("LANG_B2", "言語能力（CEFR B2相当）を証明する文書", "Proof of language ability (CEFR B2)"),
        _type("RES_TAX", "住民税の課税・納税証明書", "Resident tax certificates"),
        _type(
            "NO_REPORT",
            "法定調書合計表を提出できない理由を明らかにする資料",
            "Why there is no withholding summary",
        ),
        _type("BIRTH_PROOF", "出生したことを証する書類", "Proof of birth"),
        _type("PARENT_QUESTIONNAIRE", "両親の質問書", "Questionnaire for the parents"),
        _type("RESIDENCE_RECORD", "世帯全員の住民票", "Residence record of the household"),
        _type("NATIONALITY_PROOF", "国籍を証する書類", "Proof of nationality"),
        _type("CAUSE_PROOF", "取得の事由を証する書類", "Proof of the cause"),
        _type("SSW_CONTRACT", "特定技能雇用契約書（参考様式第１－５号）", "SSW employment contract (form 1-5)"),
        _type("SSW_CONDITIONS", "雇用条件書（参考様式第１－６号）", "SSW conditions of employment (form 1-6)"),
        _type("WITHHOLDING_SLIP", "給与所得の源泉徴収票", "Withholding slip for salary"),
        _type("HEALTH_INSURANCE", "健康保険の資格情報・国民健康保険料納付証明書", "Proof of health insurance"),
        _type("PENSION", "国民年金の被保険者記録・領収証書", "Pension record or receipts of 24 months"),
        _type("DUTY_PLEDGE", "公的義務履行に関する誓約書（参考様式第１－26号）", "Pledge on public duties (form 1-26)"),
        _type("SSW_FIELD", "分野に関する書類（第３表）", "Documents of the field (table 3)"),
        _type("OTHER", "その他の資料", "Other documents"),
    ],
)
