"""Two-factor authentication."""

from shared.errors import Text

TEXTS = {
    "title": Text("二要素認証", "Two-factor authentication"),
    "lead": Text(
        "パスワードを確認しました。続けて5分以内に二要素認証を行ってください。",
        "Your password is correct. Now complete two-factor authentication within 5 minutes.",
    ),
    "start_again": Text("最初からやり直す", "Start again"),
}
