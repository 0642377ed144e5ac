"""Passkeys."""

from shared.errors import Text

TEXTS = {
    "lead": Text(
        "指紋・顔・画面ロックでログインします。パスワードもコードの入力も不要です。",
        "Sign in with your fingerprint, face or screen lock. No password or code is needed.",
    ),
    "none": Text("登録されていません。", "You have no passkeys."),
    "created": Text("登録日時", "Added on"),
    "used": Text("最後に使った日時", "Last used"),
    "never": Text("未使用", "never"),
    "add": Text("パスキーを追加する", "Add a passkey"),
    "label": Text("パスキーの名前", "Name of the passkey"),
    "label_hint": Text(
        "後で見分けるための名前です。空欄のときは端末の名前になります。",
        "Helps you recognise it later. If you leave this empty, it gets the name of this device.",
    ),
    "continue": Text("次へ", "Continue"),
    "make_lead": Text(
        "ボタンを押すと、端末が本人確認を求めます。5分以内に行ってください。",
        "Select the button, and your device will ask you to confirm your identity. You have 5 minutes.",
    ),
    "make": Text("パスキーを作る", "Create the passkey"),
    "remove": Text("パスキーを削除する", "Remove the passkey"),
    "remove_lead": Text(
        "「{label}」を削除します。このパスキーではログインできなくなり、ほかの端末はログアウトします。",
        "“{label}” will be removed. You can no longer sign in with it, and your other devices will be signed out.",
    ),
}
