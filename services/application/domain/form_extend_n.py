"""在留期間更新許可申請書, section N (区分N): applicant's common part and the organisation's part.

Numbers are those of the paper form 別記第三十号の二様式. Labels, lengths and what is required follow the online form
of 2026-01-05; texts that it wants full-width are taken in any width here and widened on export.
"""

from datetime import date

from services.application.domain.field import (
    Field,
    FormVersion,
    Rows,
    category_unknown,
    choice,
    filed_by_agent,
    never,
    one_of,
    unless_given,
    when,
)
from services.application.domain.reading import (
    card_number,
    corporate_number,
    day,
    insurance_number,
    name_in_latin,
    number,
    partial_day,
    passport_number,
    period,
    phone,
    postal_code,
    status,
    text,
    wide_text,
    yes_or_no,
)
from shared.errors import Text
from shared.reference.forms import row_limit
from shared.text import roman_name_hint

_COMMON = (
    Field("nationality", Text("国籍・地域", "Nationality/Region"), choice("nationality"), number="1"),
    Field("birth_date", Text("生年月日", "Date of birth"), partial_day, number="2"),
    Field(
        "name_roman",
        Text("氏名（ローマ字）", "Name (as on the passport)"),
        name_in_latin,
        number="3",
        hint=roman_name_hint,
    ),
    Field("sex", Text("性別", "Sex"), one_of(("M", "F")), number="4"),
    Field("marital_status", Text("配偶者の有無", "Marital status"), one_of(("MARRIED", "SINGLE")), number="5"),
    Field("occupation", Text("職業", "Occupation"), text(40), number="6"),
    Field("home_address", Text("本国における居住地", "Home town/city"), wide_text(80), number="7"),
    Field("jp_postal", Text("郵便番号", "Postal code"), postal_code, number="8"),
    Field("jp_address", Text("住居地", "Address in Japan"), wide_text(85), number="8"),
    Field("tel", Text("電話番号", "Telephone no."), phone, unless_given("mobile"), number="9"),
    Field("mobile", Text("携帯電話番号", "Cellular phone no."), phone, never, number="9"),
    Field("passport_no", Text("旅券番号", "Passport number"), passport_number, never, number="10"),
    Field("passport_expiry", Text("旅券の有効期限", "Passport expiration"), day, never, number="10"),
    Field("current_status", Text("現に有する在留資格", "Present status of residence"), status, number="11"),
    Field("current_period", Text("現に有する在留期間", "Present period of stay"), period, number="11"),
    Field("stay_expiry", Text("在留期間の満了日", "Date of expiration of the stay"), day, number="11"),
    Field("residence_card_no", Text("在留カード番号", "Residence card number"), card_number, number="12"),
    Field("requested_period", Text("希望する在留期間", "Desired length of extension"), period, number="13"),
    Field("extension_reason", Text("更新の理由", "Reason for extension"), text(200), number="14"),
    Field("criminal.has", Text("犯罪を理由とする処分の有無", "Criminal record"), yes_or_no, number="15"),
    Field(
        "criminal.detail",
        Text("処分の具体的内容", "Details of the criminal record"),
        text(200),
        when("criminal.has", True),
        number="15",
    ),
    Field("has_family", Text("在日親族及び同居者の有無", "Family or co-residents in Japan"), yes_or_no, number="16"),
    Rows(
        "family",
        Text("在日親族及び同居者", "Family in Japan and co-residents"),
        (
            Field("relationship", Text("続柄", "Relationship"), choice("relationship")),
            Field("name", Text("氏名", "Name"), wide_text(104)),
            Field("birth_date", Text("生年月日", "Date of birth"), partial_day),
            Field("nationality", Text("国籍・地域", "Nationality/Region"), choice("nationality", "JPN")),
            Field("lives_together", Text("同居の有無", "Residing together"), yes_or_no),
            Field("workplace", Text("勤務先・通学先", "Place of employment or school"), wide_text(60), never),
            Field("card_no", Text("在留カード番号", "Residence card number"), card_number, never),
        ),
        when("has_family", True),
        # The government's form stops at 6, and families with more have to write on paper.
        most=row_limit("family", date(2026, 1, 5)).accepted,
    ),
)

_CONTRACTS = ("EMPLOYMENT", "ENTRUSTMENT", "CONTRACT", "OTHER")
_CATEGORIES = ("CAT1", "CAT2", "CAT3", "CAT4")

_ORGANISATION = (
    Field("org.contract", Text("契約の形態", "Type of contract"), one_of(_CONTRACTS), number="2"),
    Field(
        "org.contract_other",
        Text("契約の形態（その他）", "Type of contract (other)"),
        text(40),
        when("org.contract", "OTHER"),
        number="2",
    ),
    Field("org.name", Text("勤務先の名称", "Name of the organisation"), wide_text(60), number="3"),
    Field("org.has_corp_no", Text("法人番号の有無", "Has a corporate number"), yes_or_no, number="3"),
    Field(
        "org.corp_no",
        Text("法人番号", "Corporate number"),
        corporate_number,
        when("org.has_corp_no", True),
        number="3",
    ),
    Field("org.category", Text("所属機関のカテゴリー", "Category"), one_of(_CATEGORIES), category_unknown),
    Field("org.branch", Text("支店・事業所名", "Branch or office"), text(60), never, number="3"),
    Field(
        "org.emp_ins_no",
        Text("雇用保険適用事業所番号", "Employment insurance number"),
        insurance_number,
        never,
        number="3",
    ),
    Field("org.industry", Text("主たる業種", "Main industry"), choice("industry"), number="3"),
    Field("org.industry_other", Text("業種（その他）", "Industry (other)"), text(40), never, number="3"),
    Field("org.postal", Text("所在地の郵便番号", "Postal code of the organisation"), postal_code, number="3"),
    Field("org.address", Text("所在地", "Address of the organisation"), wide_text(85), number="3"),
    Field("org.tel", Text("電話番号", "Telephone no. of the organisation"), phone, number="3"),
    Field("org.capital", Text("資本金（円）", "Capital (yen)"), number(13, unit="yen"), number="3"),
    Field("org.sales", Text("年間売上高（円）", "Annual sales (yen)"), number(15, unit="yen"), number="3"),
    Field("org.staff", Text("従業員数", "Number of employees"), number(6, unit="people"), number="3"),
    Field(
        "org.foreign", Text("うち外国人従業員数", "of which foreign nationals"), number(6, unit="people"), number="3"
    ),
    Field(
        "org.titp", Text("うち技能実習生", "of which technical interns"), number(6, unit="people"), never, number="3"
    ),
)

_JOB = (
    Field("job.term", Text("就労予定期間", "Period of work"), one_of(("UNLIMITED", "LIMITED")), number="5"),
    Field(
        "job.term_years",
        Text("就労予定期間（年）", "Years of work"),
        number(2, most=40, unit="years"),
        when("job.term", "LIMITED"),
    ),
    Field(
        "job.term_months",
        Text("就労予定期間（月）", "Months of work"),
        number(2, most=11, unit="months"),
        when("job.term", "LIMITED"),
    ),
    Field("job.start", Text("雇用開始年月日", "Start of employment"), day, never, number="6"),
    Field(
        "job.salary",
        Text("月額給与（円、税引前）", "Monthly salary (yen, before tax)"),
        number(8, unit="yen"),
        number="7",
    ),
    Field("job.experience_m", Text("実務経験月数", "Months of experience"), number(3, unit="months"), number="8"),
    Field("job.has_title", Text("役職の有無", "Has a position"), yes_or_no, number="9"),
    Field("job.title", Text("役職名", "Position"), text(60), when("job.has_title", True), number="9"),
    Field("job.occ", Text("主たる職種", "Main occupation"), choice("occupation"), number="10"),
    Field("job.detail", Text("活動内容の詳細", "Details of activities"), text(600, lines=True), number="11"),
    Field("job.changed", Text("職務内容の変更の有無", "Job changed since last permission"), yes_or_no, never),
    Field(
        "job.change_detail",
        Text("職務内容の変更の内容", "How the job changed"),
        text(600, lines=True),
        when("job.changed", True),
    ),
)

_USED = when("dispatch.used", True)
_DISPATCH = (
    Field("dispatch.used", Text("派遣の有無", "Works for another organisation by dispatch"), yes_or_no, number="12"),
    Field("dispatch.name", Text("派遣先の名称", "Place of dispatch"), text(60), _USED, number="12"),
    Field("dispatch.corp_no", Text("派遣先の法人番号", "Its corporate number"), corporate_number, never, number="12"),
    Field("dispatch.branch", Text("派遣先の支店・事業所名", "Its branch"), text(60), never, number="12"),
    Field("dispatch.industry", Text("派遣先の業種", "Its industry"), choice("industry"), _USED, number="12"),
    Field("dispatch.address", Text("派遣先の所在地", "Its address"), wide_text(85), _USED, number="12"),
    Field("dispatch.tel", Text("派遣先の電話番号", "Its telephone no."), phone, _USED, number="12"),
    Field(
        "dispatch.capital",
        Text("派遣先の資本金（円）", "Its capital (yen)"),
        number(13, unit="yen"),
        _USED,
        number="12",
    ),
    Field(
        "dispatch.sales",
        Text("派遣先の年間売上高（円）", "Its annual sales (yen)"),
        number(15, unit="yen"),
        _USED,
        number="12",
    ),
    Field(
        "dispatch.months",
        Text("派遣予定期間（月）", "Months of dispatch"),
        number(3, unit="months"),
        _USED,
        number="12",
    ),
)

_AGENT = (
    Field("intermediary.name", Text("取次者の氏名", "Name of the agent"), wide_text(60), filed_by_agent),
    Field("intermediary.postal", Text("取次者の郵便番号", "Postal code of the agent"), postal_code, filed_by_agent),
    Field("intermediary.address", Text("取次者の住所", "Address of the agent"), wide_text(85), filed_by_agent),
    Field(
        "intermediary.organisation", Text("取次者の所属機関等", "Organisation of the agent"), text(256), filed_by_agent
    ),
    Field("intermediary.tel", Text("取次者の電話番号", "Telephone no. of the agent"), phone, filed_by_agent),
    Field(
        "applicant_unable",
        Text("申請人が病気等により自ら申請できないこと", "The applicant cannot apply for illness or another cause"),
        yes_or_no,
        never,
    ),
    Field("free", Text("フリー欄", "Remarks"), text(300, lines=True), never),
)

EXTEND_N = FormVersion(
    version="extend-n-2026-01-05",
    procedure="EXTEND",
    statuses=("ENG_HUM_INT",),
    section="N",
    items=(*_COMMON, *_ORGANISATION, *_JOB, *_DISPATCH, *_AGENT),
)
