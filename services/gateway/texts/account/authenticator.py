"""Setting up an authenticator app."""

from shared.errors import Text

TEXTS = {
    "done_begin_again": Text(
        "設定の有効時間が過ぎました。最初から設定し直してください。",
        "The time for setup has expired. Start again.",
    ),
    "title": Text("認証アプリ", "Authenticator app"),
    "since": Text("設定日時", "Set up on"),
    "none": Text("設定されていません。", "You have not set up an app."),
    "set_up": Text("認証アプリを設定する", "Set up an authenticator app"),
    "replace": Text("認証アプリを変更する", "Change the authenticator app"),
    "remove": Text("認証アプリを解除する", "Remove the authenticator app"),
    "enrol": Text(
        "職員は二要素認証の設定が必要です。設定が終わるまで、ほかの操作はできません。",
        "Officers must use two-factor authentication. Set it up before you do anything else.",
    ),
    "lead": Text(
        "スマートフォンに認証アプリ（TOTP対応）を用意してから、設定を始めてください。設定は10分以内に終えてください。",
        "Before you start, install an authenticator app (TOTP) on your phone. You have 10 minutes to finish.",
    ),
    "others_end": Text(
        "設定が終わると、ほかの端末はログアウトします。",
        "When you finish, your other devices are signed out.",
    ),
    "begin": Text("設定を始める", "Start"),
    "scan": Text("1. 認証アプリでこのQRコードを読み取ってください。", "1. Scan this QR code with the app."),
    "qr": Text("認証アプリで読み取るQRコード", "QR code for the authenticator app"),
    "by_hand": Text(
        "読み取れないときは、次のキーをアプリに入力してください。",
        "If you cannot scan it, type this key into the app.",
    ),
    "key": Text("キー", "Key"),
    "open": Text("この端末の認証アプリで開く", "Open in the authenticator app of this device"),
    "confirm_lead": Text(
        "2. アプリに表示された6桁のコードを入力してください。", "2. Enter the six digits that the app shows."
    ),
    "confirm": Text("設定を完了する", "Finish"),
    "still_good": Text(
        "先ほど読み取ったキーはまだ使えます。アプリに今表示されているコードを入力してください。",
        "The key you scanned is still valid. Enter the code that the app shows now.",
    ),
    "begin_again": Text("新しいQRコードでやり直す", "Start again with a new QR code"),
    "done_sign_in": Text(
        "二要素認証を設定しました。業務を始めるには、ログインし直してください。",
        "Two-factor authentication is set up. Sign in again to start work.",
    ),
    "sign_in_again": Text("ログインし直す", "Sign in again"),
    "remove_lead": Text(
        "解除すると、ログインに使えるのはパスワードなど残りの方法だけになります。ほかの端末はログアウトします。",
        "You will only be able to use your password and your other ways to sign in. Your other devices are signed out.",
    ),
}
