"""What the pages of signing in, in one step or two, and of lost details say."""

from shared.errors import Text

TEXTS = {
    "sign_in": Text("サインイン", "Sign in"),
    "sign_out": Text("サインアウト", "Sign out"),
    "login_id": Text("認証ID", "Login ID"),
    "login_id_hint": Text(
        "登録完了のメールに書かれています。例: ZR-7K3M-9QXT",
        "It is in the mail that confirmed your registration, for example ZR-7K3M-9QXT",
    ),
    "password": Text("パスワード", "Password"),
    "sign_in_other": Text("ほかの方法でサインインする", "Other ways to sign in"),
    "sign_in_passkey": Text("パスキーでサインインする", "Sign in with a passkey"),
    "sign_in_identity": Text("{name}でサインインする", "Sign in with {name}"),
    "sign_in_help": Text("お困りのときは", "Need help?"),
    "forgot_password": Text("パスワードを忘れた・期限が切れた", "Forgotten or expired password"),
    "forgot_login_id": Text("認証IDを忘れた", "Forgotten login ID"),
    "first_time": Text("初めて利用する(利用申出)", "Using this for the first time (registration)"),
    "passkey_failed": Text(
        "パスキーを確認できませんでした。もう一度試すか、ほかの方法を使用してください。",
        "The passkey could not be checked. Try again, or use another way.",
    ),
    "passkey_no_script": Text(
        "パスキーを使用するには、ブラウザーのJavaScriptを有効にしてください。",
        "Passkeys need JavaScript to be switched on in your browser.",
    ),
    "done_signed_out": Text("サインアウトしました。", "You are signed out."),
    "done_ended": Text(
        "このページを利用するにはサインインしてください。一定時間操作がないと、自動的にサインアウトします。",
        "Sign in to use this page. You are signed out by yourself after a time without activity.",
    ),
    "done_again": Text(
        "確認の有効時間が過ぎました。最初からサインインし直してください。",
        "The time for the second step is over. Begin to sign in again.",
    ),
    "second_step": Text("二段階目の確認", "Second step"),
    "second_step_lead": Text(
        "パスワードを確認しました。続けて本人確認をしてください。5分以内に行ってください。",
        "Your password was right. Now show that it is you, within 5 minutes.",
    ),
    "code": Text("認証アプリの6桁のコード", "Six-digit code of your authenticator app"),
    "code_hint": Text("30秒ごとに変わります。", "It changes every 30 seconds."),
    "recovery_code": Text("リカバリーコード", "Recovery code"),
    "recovery_code_hint": Text(
        "設定時に控えたコードです。1つのコードは1回だけ使えます。例: 7K3M-9QXT-2FHA",
        "One of the codes you kept when you set it up. Each works once, for example 7K3M-9QXT-2FHA",
    ),
    "use_code": Text("コードを確認する", "Check the code"),
    "use_recovery_code": Text("リカバリーコードを使う", "Use the recovery code"),
    "use_passkey": Text("パスキーを使う", "Use a passkey"),
    "no_device": Text("認証アプリやパスキーを使えないとき", "If you cannot use your app or passkey"),
    "start_again": Text("最初からやり直す", "Begin again"),
    "forgot_password_title": Text("パスワードの再設定", "Reset your password"),
    "forgot_password_lead": Text(
        "認証IDを入力してください。登録されているメールアドレスに、パスワードを設定するリンクを送ります。",
        "Enter your login ID. A link to set a password goes to the mail address that was registered.",
    ),
    "forgot_password_first": Text(
        "まだパスワードを設定したことがない方は、認証IDの代わりに利用申出の受付番号を入力してください。",
        "If you have never set a password, enter the receipt number of your registration instead of a login ID.",
    ),
    "receipt_number": Text("利用申出の受付番号", "Receipt number of your registration"),
    "receipt_number_hint": Text("例: 東利申26-000123-5", "For example 東利申26-000123-5"),
    "send_link": Text("リンクを送る", "Send the link"),
    "link_sent": Text(
        "該当するアカウントがある場合は、登録されているメールアドレスにリンクを送りました。24時間以内に開いてください。",
        "If there is such an account, a link went to the mail address that was registered. Open it within 24 hours.",
    ),
    "forgot_login_id_title": Text("認証IDの確認", "Find your login ID"),
    "forgot_login_id_lead": Text(
        "登録したメールアドレスを入力してください。認証IDをそのアドレスに送ります。",
        "Enter the mail address you registered. Your login ID is sent there.",
    ),
    "email": Text("メールアドレス", "Mail address"),
    "send_login_id": Text("認証IDを送る", "Send my login ID"),
    "login_id_sent": Text(
        "該当するアカウントがある場合は、認証IDをメールで送りました。",
        "If there is such an account, its login ID was mailed.",
    ),
    "mail_missing": Text(
        "メールが届かないときは、迷惑メールのフォルダーと入力した内容を確認してください。",
        "If no mail arrives, look into the spam folder, and check what you entered.",
    ),
    "back_to_sign_in": Text("サインインのページへ", "To the sign-in page"),
    "sign_out_lead": Text("このブラウザーからサインアウトします。", "You will be signed out of this browser."),
}
