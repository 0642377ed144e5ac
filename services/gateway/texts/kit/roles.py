"""User classes and roles."""

from shared.errors import Text

TEXTS = {
    "org_staff": Text("所属機関の職員", "Staff of an organisation"),
    "supervising_org_staff": Text("監理団体の職員", "Staff of a supervising organisation"),
    "public_interest_staff": Text("公益法人の職員", "Staff of a public-interest corporation"),
    "rso_staff": Text("登録支援機関の職員", "Staff of a registered support organisation"),
    "lawyer_scrivener": Text("弁護士・行政書士", "Lawyer or administrative scrivener"),
    "self": Text("本人", "Foreign national (own applications)"),
    "legal_rep": Text("法定代理人", "Legal representative"),
    "relative": Text("親族", "Relative"),
    "user_approval": Text("利用申出の審査", "Approval of users"),
    "reception": Text("受付", "Reception"),
    "examiner": Text("審査官", "Examiner"),
    "chief_examiner": Text("決裁者", "Chief examiner"),
    "card_office": Text("カード交付係", "Card office"),
    "auditor": Text("監査", "Auditor"),
    "operator": Text("運用", "Operator"),
    "administrator": Text("管理者", "Administrator"),
}
