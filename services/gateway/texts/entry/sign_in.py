"""Signing in and out."""

from shared.errors import Text

TEXTS = {
    "signed_in_as": Text("{name}さんとしてログインしています。", "You are signed in as {name}."),
    "signed_in_continue": Text("続ける", "Continue"),
    "signed_in_other": Text(
        "別のアカウントでログインする場合は、先にログアウトしてください。",
        "To sign in with another account, sign out first.",
    ),
    "other": Text("ほかの方法でログインする", "Other ways to sign in"),
    "passkey": Text("パスキーでログインする", "Sign in with a passkey"),
    "identity": Text("{name}でログインする", "Sign in with {name}"),
    "help": Text("お困りのときは", "Need help?"),
    "done_signed_out": Text("ログアウトしました。", "You are signed out."),
    "done_ended": Text(
        "このページを利用するにはログインしてください。一定時間操作がないと、自動的にログアウトします。",
        "Sign in to use this page. You are signed out automatically after a period of inactivity.",
    ),
    "done_again": Text(
        "確認の有効時間が過ぎました。最初からログインし直してください。",
        "The time for two-factor authentication has expired. Start signing in again.",
    ),
    "back": Text("ログインのページへ", "Go to the sign-in page"),
    "sign_out_lead": Text("このブラウザーからログアウトします。", "You will be signed out of this browser."),
}
