"""Input that was typed before a session ended."""

from shared.errors import Text

TEXTS = {
    "title": Text("送信されていない入力内容があります", "Something you typed has not been sent"),
    "lead": Text(
        "ログインの有効時間が過ぎていたため、次の内容は送信されていません。{until}まで保管します。"
        "パスワードなどは保管していません。",
        "Your session ended before the following was sent. We keep it until {until}. We do not keep passwords.",
    ),
    "send": Text("この内容を送信する", "Send it now"),
    "throw_away": Text("送信せずに破棄する", "Discard it"),
    "nothing": Text("保管している入力内容はありません", "There is nothing to send"),
    "nothing_words": Text(
        "送信されたか、保管期間が過ぎたか、別のアカウントで入力された内容です。",
        "It was sent, it has expired, or it was typed in another account.",
    ),
}
