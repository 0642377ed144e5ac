"""Pages that links in emails open: setting a password, confirming an address."""

from shared.errors import Text

TEXTS = {
    "password_title": Text("パスワードの設定", "Set your password"),
    "password_lead": Text(
        "新しいパスワードを入力してください。長いパスワードほど安全です。",
        "Enter a new password. Longer passwords are safer.",
    ),
    "password_submit": Text("設定する", "Set password"),
    "password_done": Text("パスワードを設定しました。", "Your password is set."),
    "email_confirm_title": Text("新しいメールアドレスの確認", "Confirm your new email address"),
    "email_confirm_lead": Text(
        "このアドレスを登録するには、ボタンを押してください。", "Select the button to register this address."
    ),
    "email_confirm": Text("このアドレスを登録する", "Register this address"),
    "email_changed": Text("メールアドレスを変更しました。", "Your email address has been changed."),
    "confirm_title": Text("メールアドレスの確認", "Confirm your email address"),
    "confirm_lead": Text(
        "メールアドレスを確認すると、本人確認サービスでログインできるようになります。",
        "Once your address is confirmed, you can sign in with the identity provider.",
    ),
    "confirm_submit": Text("確認する", "Confirm"),
    "confirm_password": Text("パスワードも設定する", "Set a password as well"),
    "confirm_done": Text("メールアドレスを確認しました。", "Your email address is confirmed."),
    "confirm_login_id": Text("認証ID", "Login ID"),
    "confirm_sign_in": Text("本人確認サービスでログインする", "Sign in with the identity provider"),
    "confirm_problem": Text("確認できませんでした", "We could not confirm your address"),
    "confirm_again": Text("確認リンクの再送", "Send the confirmation link again"),
    "over": Text("このリンクは使用できません", "This link cannot be used"),
    "another": Text("新しいリンクを送る", "Get a new link"),
}
