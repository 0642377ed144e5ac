"""The list of applications."""

from shared.errors import Text

TEXTS = {
    "title": Text("申請の一覧", "Applications"),
    "groups": Text("申請の段階", "Stages"),
    "group_all": Text("すべて", "All"),
    "group_drafts": Text("下書き", "Drafts"),
    "group_yours": Text("対応が必要", "Waiting for you"),
    "group_pending": Text("審査・交付手続中", "In progress"),
    "group_over": Text("終了", "Finished"),
    "search": Text("氏名又は受付番号", "Name or receipt number"),
    "search_hint": Text(
        "ローマ字氏名の姓・名、受付番号は、先頭の数文字でも検索できます。",
        "The beginning of a name or number is enough.",
    ),
    "procedure": Text("手続", "Procedure"),
    "any_procedure": Text("すべての手続", "All procedures"),
    "sort": Text("並べ替え", "Sort by"),
    "sort_newest": Text("作成日が新しい順", "Newest first"),
    "sort_oldest": Text("作成日が古い順", "Oldest first"),
    "sort_edited": Text("更新日が新しい順", "Last changed first"),
    "sort_stay_end": Text("在留期限が近い順", "Period of stay that ends first"),
    "applicant": Text("申請人", "Applicant"),
    "number": Text("受付番号", "Receipt number"),
    "status": Text("状態", "Status"),
    "stay_end": Text("在留期限", "Stay ends"),
    "due": Text("提出期限", "Due"),
    "updated": Text("最終更新", "Last change"),
    "unnamed": Text("氏名未入力", "Name not entered"),
    "none": Text("なし", "None"),
    "shown": Text("{count}件", "{count} in all"),
    "shown_one": Text("1件", "1 in all"),
    "first": Text("最初のページへ", "First page"),
    "nothing": Text("申請はまだありません。", "There are no applications yet."),
    "nothing_here": Text("この段階の申請はありません。", "No applications are at this stage."),
    "nothing_found": Text("条件に合う申請はありません。", "No applications match."),
}
