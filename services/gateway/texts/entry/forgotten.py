"""Forgotten password and login ID."""

from shared.errors import Text

TEXTS = {
    "password_title": Text("パスワードの再設定", "Reset your password"),
    "password_lead": Text(
        "認証IDを入力してください。登録されているメールアドレスに、パスワードを設定するリンクを送ります。",
        "Enter your login ID. We will send a link to set a password to your registered email address.",
    ),
    "password_first": Text(
        "まだパスワードを設定したことがない方は、認証IDの代わりに利用申出の受付番号を入力してください。",
        "If you have never set a password, enter the receipt number of your registration instead of a login ID.",
    ),
    "receipt_number": Text("利用申出の受付番号", "Receipt number of your registration"),
    "receipt_number_hint": Text("例: 東利申26-000123-5", "For example 東利申26-000123-5"),
    "send_link": Text("リンクを送る", "Send the link"),
    "link_sent": Text(
        "該当するアカウントがある場合は、登録されているメールアドレスにリンクを送りました。メールに記載された有効期限までに開いてください。",
        "If the account exists, we sent a link to its registered email address. Open it before it expires.",
    ),
    "login_id_title": Text("認証IDの確認", "Find your login ID"),
    "login_id_lead": Text(
        "登録したメールアドレスを入力してください。認証IDをそのアドレスに送ります。",
        "Enter your registered email address. We will send your login ID there.",
    ),
    "send_login_id": Text("認証IDを送る", "Send my login ID"),
    "login_id_sent": Text(
        "該当するアカウントがある場合は、認証IDをメールで送りました。",
        "If the account exists, we sent its login ID by email.",
    ),
}
