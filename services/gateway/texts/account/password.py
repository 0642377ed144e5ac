"""Changing or setting one's own password."""

from shared.errors import Text

TEXTS = {
    "change": Text("パスワードを変更する", "Change your password"),
    "set": Text("パスワードを設定する", "Set a password"),
    "present": Text("現在のパスワード", "Current password"),
    "again": Text("新しいパスワード（確認のためもう一度）", "Confirm your new password"),
    "differs": Text("2つのパスワードが一致しません", "The two passwords do not match"),
    "others_end": Text(
        "変更すると、ほかの端末はログアウトします。", "When you change it, your other devices are signed out."
    ),
}
