"""Devices on which the account is signed in."""

from shared.errors import Text

TEXTS = {
    "lead": Text(
        "心当たりのない端末がある場合は、ログアウトしてから、パスワードを変更してください。",
        "If there is a device you do not recognise, sign it out, then change your password.",
    ),
    "unknown": Text("不明な端末", "Unknown device"),
    "this": Text("この端末", "this device"),
    "place": Text("接続元", "Address"),
    "first": Text("ログイン", "Signed in"),
    "last": Text("最後の操作", "Last used"),
    "end": Text("この端末をログアウトする", "Sign this device out"),
    "end_here": Text("この端末からログアウトする", "Sign out of this device"),
    "everywhere_lead": Text(
        "この端末を含む、すべての端末からログアウトします。", "This signs you out on all devices, including this one."
    ),
    "everywhere": Text("すべての端末からログアウトする", "Sign out everywhere"),
    "done_ended": Text("端末をログアウトしました。", "The device was signed out."),
}
