"""Texts around the terms of use and the pledge, and of the page for a form that was typed before a session ended."""

from shared.errors import Text

TEXTS = {
    "agreement_terms": Text("利用規約", "Terms of use"),
    "agreement_pledge": Text("誓約書", "Pledge"),
    "agreement_version": Text("{day}版", "Version of {day}"),
    "agreement_sample": Text(
        "これは見本です。本システムの運営者が、実際の規約及び誓約書に差し替えます。",
        "This is a sample. The operator of this system replaces it with the real text.",
    ),
    "agreement_not_current": Text("これは現在適用されている版ではありません。", "This is not the version in force."),
    "agreement_others": Text("ほかの版", "Other versions"),
    "kept_title": Text("送信されていない入力内容があります", "Something you typed has not been sent"),
    "kept_lead": Text(
        "ログインの有効時間が過ぎていたため、次の内容は送信されていません。{until}まで保管します。"
        "パスワードなどは保管していません。",
        "Your session had ended, so the following was not sent. It is kept until {until}. Passwords are not kept.",
    ),
    "kept_send": Text("この内容を送信する", "Send it now"),
    "kept_throw_away": Text("送信せずに破棄する", "Discard it"),
    "kept_nothing": Text("保管している入力内容はありません", "Nothing is kept"),
    "kept_nothing_words": Text(
        "送信されたか、保管期間が過ぎたか、別のアカウントで入力された内容です。",
        "It was sent, its time is over, or it was typed in another account.",
    ),
}
