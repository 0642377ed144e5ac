"""Confirming one's identity again before important changes."""

from shared.errors import Text

TEXTS = {
    "title": Text("本人確認", "Confirm your identity"),
    "lead": Text(
        "重要な操作の前に、もう一度本人確認をしてください。20分間有効です。",
        "Confirm your identity again before important changes. This is valid for 20 minutes.",
    ),
    "identity": Text("{name}で本人確認をする", "Confirm your identity with {name}"),
    "none": Text(
        "このアカウントで利用できる本人確認の方法がありません。ログアウトし、もう一度ログインしてください。",
        "You cannot confirm your identity with this account. Sign out and sign in again.",
    ),
    "identity_provider": Text("本人確認サービス", "the identity provider"),
    "confirm": Text("確認する", "Confirm"),
}
