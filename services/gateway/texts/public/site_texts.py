"""Texts of the operator: privacy, accessibility, help, contact."""

from shared.errors import Text

TEXTS = {
    "links": Text("関連するページ", "Related pages"),
    "last_updated": Text("最終更新日", "Last updated"),
    "sample": Text(
        "これは見本です。本システムの運営者が、実際の内容に差し替えます。",
        "This is a sample. The operator of this system replaces it.",
    ),
}
