"""What pages say when something is wrong, and what to do then."""

from shared.errors import Text

TEXTS = {
    "error": Text("エラー", "Error"),
    "trouble_heading": Text("入力内容を確認してください", "Check what you entered"),
    "password_not_right": Text("パスワードが正しくありません", "The password is not right"),
    "required": Text("入力してください", "This is required"),
    "wait_a_little": Text(
        "試行回数が多すぎます。しばらく待ってからもう一度お試しください",
        "Too many attempts. Wait a little, then try again",
    ),
    "wait_seconds": Text(
        "試行回数が多すぎます。{seconds}秒待ってからもう一度お試しください",
        "Too many attempts. Wait {seconds} s, then try again",
    ),
    "wait_minutes": Text(
        "試行回数が多すぎます。約{minutes}分待ってからもう一度お試しください",
        "Too many attempts. Wait about {minutes} min, then try again",
    ),
    "todo_heading": Text("どうすればよいか", "What to do"),
    "todo_400": Text(
        "前のページに戻り、もう一度入力してください。", "Go back to the page before, and fill it in again."
    ),
    "todo_403": Text(
        "サインインしている立場ではこのページを利用できません。別の立場に切り替えるか、サインインし直してください。",
        "The role you are signed in with may not use this page. Switch to another role, or sign in again.",
    ),
    "todo_404": Text(
        "アドレスが正しいか確認してください。メールのリンクから来た場合は、リンク全体が開かれているか確認してください。",
        "Check the address. If a link in a mail brought you here, check that all of the link was opened.",
    ),
    "todo_413": Text("送信する内容を小さくしてください。", "Send less."),
    "todo_500": Text(
        "しばらくしてからもう一度お試しください。続く場合は、下の受付番号を添えてお問い合わせください。",
        "Try again in a little while. If it happens again, ask for help and name the number below.",
    ),
    "todo_503": Text(
        "保存済みの内容は失われていません。数分待ってから、同じページを開き直してください。",
        "Nothing that was saved is lost. Wait a few minutes, then open the same page again.",
    ),
    "todo_cross_site": Text(
        "ページを開いている間にサインインの状態が変わった可能性があります。"
        "前のページに戻って再読み込みしてから、もう一度お試しください。",
        "You may have signed in or out since the page was opened. Go back, reload the page, and try again.",
    ),
    "error_number": Text("問い合わせ用の番号", "Number for asking for help"),
    "error_home": Text("トップページへ", "To the start page"),
}
