"""The operator of the site, in the foot of every page."""

from shared.errors import Text

TEXTS = {
    "contact_desk": Text("お問い合わせ窓口", "Contact desk"),
    "name": Text("運営者", "Operator"),
    "unset": Text("未設定（見本のサイトです）", "Not configured (this is a sample site)"),
    "contact_unset": Text("未設定（見本のサイトです）", "Not configured (this is a sample site)"),
    "telephone": Text("電話番号", "Telephone"),
}
