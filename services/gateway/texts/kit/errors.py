"""Error pages: what to do, and the reference number."""

from shared.errors import Text

TEXTS = {
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
    "number": Text("問い合わせ用の番号", "Reference number"),
    "home": Text("トップページへ", "Go to the start page"),
}
