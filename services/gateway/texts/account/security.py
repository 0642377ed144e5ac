"""The page of an account's means of signing in."""

from shared.errors import Text

TEXTS = {
    "done_password": Text(
        "パスワードを変更しました。ほかの端末はログアウトしました。",
        "Your password has been changed. Your other devices have been signed out.",
    ),
    "done_app_removed": Text("認証アプリを解除しました。", "The authenticator app was removed."),
    "done_passkey_added": Text("パスキーを追加しました。", "The passkey was added."),
    "done_passkey_removed": Text("パスキーを削除しました。", "The passkey was removed."),
    "done_identity_linked": Text("連携しました。", "Linked. You can now sign in with it."),
    "done_identity_removed": Text("連携を解除しました。", "The link has been removed."),
    "password_none": Text("設定されていません。", "No password is set."),
    "factor_needed": Text(
        "職員には二要素認証が必要なため、解除できません。先に別の認証アプリやパスキーを設定してください。",
        "Officers need two-factor authentication, so this cannot be removed. Set up another app or passkey first.",
    ),
    "only_way_to_sign_in": Text(
        "ログインの方法がほかにないため、解除できません。先にパスワードを設定するか、パスキーを追加してください。",
        "This is your only way to sign in, so it cannot be removed. Set a password or add a passkey first.",
    ),
    "remove_this": Text("「{label}」を削除する", "Remove “{label}”"),
}
