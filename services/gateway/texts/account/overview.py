"""The account page: details, current role, memberships."""

from shared.errors import Text

TEXTS = {
    "done_switched": Text("利用者区分を切り替えました。", "You have switched to the other role."),
    "you": Text("登録内容", "Your details"),
    "name": Text("氏名", "Name"),
    "office": Text("所属官署", "Office"),
    "rights": Text("権限", "Permissions"),
    "work": Text("業務", "Your work"),
    "work_lead": Text(
        "審査などの画面は準備中です。現在は、業務システムからAPIを利用して処理してください。",
        "Pages for examining and deciding are not available yet. For now, this work is done through the API.",
    ),
    "work_docs": Text("API仕様を見る", "See the API specification"),
    "acting": Text("現在の利用者区分", "Current role"),
    "acting_as": Text("利用者区分", "Role"),
    "organisation": Text("機関", "Organisation"),
    "lapsed": Text(
        "利用の有効期限が過ぎています。提出済みの申請は見られますが、新しい申請はできません。",
        "Your registration has expired. You can read what you submitted, but you cannot submit new applications.",
    ),
    "memberships": Text("利用者区分の切替え", "Switch role"),
    "memberships_lead": Text(
        "機関と利用者区分ごとに承認されています。切り替えても、ログインし直す必要はありません。",
        "Each organisation and role is approved separately. You do not need to sign in again to switch.",
    ),
    "membership_now": Text("現在の利用者区分です", "Current role"),
    "membership_until": Text("利用の有効期限", "Valid until"),
    "membership_number": Text("受付番号", "Receipt number"),
    "state_applied": Text("審査中", "Under review"),
    "state_active": Text("有効", "Valid"),
    "state_expired": Text("有効期限切れ", "Expired"),
    "state_ended": Text("終了", "Ended"),
    "state_rejected": Text("不承認", "Rejected"),
}
