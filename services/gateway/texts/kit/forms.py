"""Fields that several forms have, and what to enter in one that was left empty."""

from shared.errors import Text

TEXTS = {
    "login_id": Text("認証ID", "Login ID"),
    "login_id_hint": Text(
        "登録完了のメールに書かれています。例: ZR-7K3M-9QXT",
        "It is in the email that confirmed your registration, for example ZR-7K3M-9QXT",
    ),
    "password": Text("パスワード", "Password"),
    "email": Text("メールアドレス", "Email address"),
    "mail_missing": Text(
        "メールが届かないときは、迷惑メールのフォルダーと入力した内容を確認してください。",
        "If no email arrives, check your spam folder and what you entered.",
    ),
    "show_password": Text("パスワードを表示する", "Show password"),
    "hide_password": Text("パスワードを隠す", "Hide password"),
    "new_password": Text("新しいパスワード", "New password"),
    "password_hint": Text(
        "12文字以上128文字以内。関係のない言葉をいくつか並べると、覚えやすく安全です。",
        "12 to 128 characters. Several unrelated words are safe and easy to remember.",
    ),
    "errors_heading": Text("入力内容を確認してください", "Check what you entered"),
    "need_login_id": Text("認証IDを入力してください", "Enter your login ID"),
    "need_password": Text("パスワードを入力してください", "Enter your password"),
    "need_password_again": Text(
        "確認のため、新しいパスワードをもう一度入力してください", "Enter your new password again"
    ),
    "need_present_password": Text("現在のパスワードを入力してください", "Enter your current password"),
    "need_code": Text(
        "認証アプリの6桁のコードを入力してください", "Enter the six-digit code from your authenticator app"
    ),
    "need_recovery_code": Text("リカバリーコードを入力してください", "Enter a recovery code"),
    "need_email": Text("メールアドレスを入力してください", "Enter your email address"),
    "need_email_again": Text("確認のため、メールアドレスをもう一度入力してください", "Enter the email address again"),
    "need_phone": Text("電話番号を入力してください", "Enter your telephone number"),
    "choose": Text("選択してください", "Choose"),
    "example": Text("例: {example}", "For example: {example}"),
    "date_example": Text("2026年1月5日、令和8年1月5日、2026/1/5", "5 JAN 2026, 2026-01-05, 2026/1/5"),
    "most": Text("{most}文字以内", "At most {most} characters"),
    "required": Text("必須", "Required"),
    "optional": Text("任意", "Optional"),
}
