"""What pages say when something is wrong, and what to do then."""

from shared.errors import Text

TEXTS = {
    "error": Text("エラー", "Error"),
    "trouble_heading": Text("入力内容を確認してください", "Check what you entered"),
    "password_not_right": Text("パスワードが正しくありません", "The password is incorrect"),
    "need_login_id": Text("認証IDを入力してください", "Enter your login ID"),
    "need_password": Text("パスワードを入力してください", "Enter your password"),
    "need_password_again": Text(
        "確認のため、新しいパスワードをもう一度入力してください", "Enter your new password again"
    ),
    "need_present_password": Text("現在のパスワードを入力してください", "Enter your current password"),
    "need_code": Text(
        "認証アプリの6桁のコードを入力してください", "Enter the six-digit code of your authenticator app"
    ),
    "need_recovery_code": Text("リカバリーコードを入力してください", "Enter a recovery code"),
    "need_email": Text("メールアドレスを入力してください", "Enter your email address"),
    "need_email_again": Text("確認のため、メールアドレスをもう一度入力してください", "Enter the email address again"),
    "need_phone": Text("電話番号を入力してください", "Enter your telephone number"),
    "wait_a_little": Text(
        "試行回数が多すぎます。しばらく待ってからもう一度お試しください",
        "Too many attempts. Wait a moment, then try again",
    ),
    "wait_seconds": Text(
        "試行回数が多すぎます。{seconds}秒待ってからもう一度お試しください",
        "Too many attempts. Wait {seconds} seconds, then try again",
    ),
    "wait_minutes": Text(
        "試行回数が多すぎます。約{minutes}分待ってからもう一度お試しください",
        "Too many attempts. Wait about {minutes} minutes, then try again",
    ),
    "todo_heading": Text("対処方法", "What to do"),
    "todo_400": Text(
        "前のページに戻り、もう一度入力してください。", "Go back to the previous page and enter it again."
    ),
    "todo_403": Text(
        "現在の利用者区分又は権限では、このページを利用できません。利用者区分を切り替えるか、ログインし直してください。",
        "Your current role cannot use this page. Switch to another role, or sign in again.",
    ),
    "todo_404": Text(
        "アドレスが正しいか確認してください。メールのリンクから来た場合は、リンク全体が開かれているか確認してください。",
        "Check the address. If you followed a link in an email, check that the whole link was opened.",
    ),
    "todo_413": Text(
        "ファイルを25MB以下にして、もう一度お試しください。入力内容が長い場合は、短くしてください。",
        "Reduce the file to 25 MB or less and try again. If you entered a long text, shorten it.",
    ),
    "todo_500": Text(
        "しばらくしてからもう一度お試しください。続く場合は、下の「問い合わせ用の番号」を添えてお問い合わせください。",
        "Try again later. If it happens again, contact us and give the reference number below.",
    ),
    "todo_503": Text(
        "保存済みの内容は失われていません。数分待ってから、同じページを開き直してください。",
        "Nothing that was saved is lost. Wait a few minutes, then open the same page again.",
    ),
    "todo_cross_site": Text(
        "ページを開いている間にログインの状態が変わった可能性があります。"
        "前のページに戻って再読み込みしてから、もう一度お試しください。",
        "You may have signed in or out since the page was opened. Go back, reload the page, and try again.",
    ),
    "error_number": Text("問い合わせ用の番号", "Reference number"),
    "error_home": Text("トップページへ", "Go to the start page"),
}
