"""Changing one's email address."""

from shared.errors import Text

TEXTS = {
    "title": Text("メールアドレスの変更", "Change your email address"),
    "lead": Text(
        "新しいアドレスに確認のリンクを送ります。リンクを開くまで、アドレスは変わりません。",
        "We will send a link to the new address. Your address does not change until you open the link.",
    ),
    "new": Text("新しいメールアドレス", "New email address"),
    "again": Text("新しいメールアドレス（確認のためもう一度）", "Confirm your new email address"),
    "password": Text("現在のパスワード", "Current password"),
    "send": Text("確認のリンクを送る", "Send the link"),
    "asked": Text(
        "新しいアドレスにリンクを送りました。メールに記載された有効期限までに開いてください。",
        "We sent a link to the new address. Open it before it expires.",
    ),
}
