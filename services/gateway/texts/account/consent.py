"""The request of a connected system to act for a person."""

from shared.errors import Text

TEXTS = {
    "title": Text("外部システムへの許可", "Allow a connected system to act for you"),
    "asks": Text("があなたに代わって次の操作を行う許可を求めています。", "asks to act for you. It will be able to:"),
    "offered_by": Text("提供者", "Offered by"),
    "goes_to": Text("リダイレクト先URL", "You will return to"),
    "ends": Text(
        "許可はいつでもアカウントの画面から取り消せます。パスワードがこのシステムに伝わることはありません。",
        "You can revoke this at any time in your account. The system cannot see your password.",
    ),
    "agree": Text("許可する", "Allow"),
    "refuse": Text("許可しない", "Do not allow"),
    "problem": Text("許可の画面を表示できません", "This request cannot be shown"),
    "advice": Text(
        "外部システムの画面からやり直すか、そのシステムの提供者にお問い合わせください。",
        "Start again in the connected system, or contact its provider.",
    ),
    "no_address": Text(
        "外部システムに登録されたリダイレクト先URLが正しくありません",
        "The redirect URL that is registered for this system is not valid",
    ),
    "twice": Text("要求に同じ項目が2回含まれています", "A parameter is repeated"),
}
