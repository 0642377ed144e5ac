"""The way to the identity provider and back."""

from shared.errors import Text

TEXTS = {
    "refused_title": Text("本人確認ができませんでした", "Your identity was not confirmed"),
    "refused_words": Text(
        "本人確認ができませんでした。最初からやり直してください。",
        "Your identity was not confirmed. Start again.",
    ),
    "again": Text("もう一度本人確認を行う", "Confirm your identity again"),
    "home": Text("最初のページへ", "Go to the start page"),
}
