"""Lists and tables: filter, pages, what is empty; the way to change an answer; print."""

from shared.errors import Text

TEXTS = {
    "nothing": Text("入力なし", "Not entered"),
    "change": Text("変更する", "Change"),
    "filter": Text("絞り込む", "Apply filters"),
    "reset": Text("条件を解除する", "Clear filters"),
    "pages": Text("一覧のページ", "Pages of the list"),
    "back": Text("前へ", "Previous"),
    "next": Text("次へ", "Next"),
    "print": Text("印刷する", "Print"),
}
