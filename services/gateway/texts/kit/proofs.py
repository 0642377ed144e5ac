"""Proofs of identity: codes, recovery codes, passkeys."""

from shared.errors import Text

TEXTS = {
    "passkey_failed": Text(
        "パスキーを確認できませんでした。もう一度試すか、ほかの方法を使用してください。",
        "We could not check the passkey. Try again, or sign in another way.",
    ),
    "passkey_no_script": Text(
        "パスキーを使用するには、ブラウザーのJavaScriptを有効にしてください。",
        "To use passkeys, switch on JavaScript in your browser.",
    ),
    "code": Text("認証アプリの6桁のコード", "Six-digit code from your authenticator app"),
    "code_hint": Text("30秒ごとに変わります。", "It changes every 30 seconds."),
    "recovery_code": Text("リカバリーコード", "Recovery code"),
    "recovery_code_hint": Text(
        "設定時に保管したコードです。1つのコードは1回だけ使えます。例: 7K3M-9QXT-2FHA",
        "One of the codes you saved when you set it up. Each works once, for example 7K3M-9QXT-2FHA",
    ),
    "use_code": Text("コードを確認する", "Check the code"),
    "use_recovery_code": Text("リカバリーコードを使う", "Use the recovery code"),
    "use_passkey": Text("パスキーを使う", "Use a passkey"),
    "no_device": Text("認証アプリやパスキーを使えないとき", "If you cannot use your app or passkey"),
    "passkeys": Text("パスキー", "Passkeys"),
    "present_password": Text("現在のパスワード", "Current password"),
    "password_not_right": Text("パスワードが正しくありません", "The password is incorrect"),
}
