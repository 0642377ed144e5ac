"""What the pages of signing in, in one step or two, and of lost details say."""

from shared.errors import Text

TEXTS = {
    "sign_in": Text("ログイン", "Sign in"),
    "sign_out": Text("ログアウト", "Sign out"),
    "signed_in_as": Text("{name}さんとしてログインしています。", "You are signed in as {name}."),
    "signed_in_go_on": Text("続ける", "Continue"),
    "signed_in_other": Text(
        "別のアカウントでログインする場合は、先にログアウトしてください。",
        "To sign in with another account, sign out first.",
    ),
    "login_id": Text("認証ID", "Login ID"),
    "login_id_hint": Text(
        "登録完了のメールに書かれています。例: ZR-7K3M-9QXT",
        "It is in the email that confirmed your registration, for example ZR-7K3M-9QXT",
    ),
    "password": Text("パスワード", "Password"),
    "sign_in_other": Text("ほかの方法でログインする", "Other ways to sign in"),
    "sign_in_passkey": Text("パスキーでログインする", "Sign in with a passkey"),
    "sign_in_identity": Text("{name}でログインする", "Sign in with {name}"),
    "sign_in_help": Text("お困りのときは", "Need help?"),
    "forgot_password": Text("パスワードを忘れた・期限が切れた", "Forgotten or expired password"),
    "forgot_login_id": Text("認証IDを忘れた", "Forgotten login ID"),
    "first_time": Text("初めて利用する（利用申出）", "Using this for the first time (registration)"),
    "passkey_failed": Text(
        "パスキーを確認できませんでした。もう一度試すか、ほかの方法を使用してください。",
        "The passkey could not be checked. Try again, or use another way.",
    ),
    "passkey_no_script": Text(
        "パスキーを使用するには、ブラウザーのJavaScriptを有効にしてください。",
        "Passkeys need JavaScript to be switched on in your browser.",
    ),
    "done_signed_out": Text("ログアウトしました。", "You are signed out."),
    "done_ended": Text(
        "このページを利用するにはログインしてください。一定時間操作がないと、自動的にログアウトします。",
        "Sign in to use this page. You are signed out automatically after a period of inactivity.",
    ),
    "done_again": Text(
        "確認の有効時間が過ぎました。最初からログインし直してください。",
        "The time for two-factor authentication has expired. Start signing in again.",
    ),
    "second_step": Text("二要素認証", "Two-factor authentication"),
    "second_step_lead": Text(
        "パスワードを確認しました。続けて5分以内に二要素認証を行ってください。",
        "Your password is correct. Now complete two-factor authentication within 5 minutes.",
    ),
    "code": Text("認証アプリの6桁のコード", "Six-digit code of your authenticator app"),
    "code_hint": Text("30秒ごとに変わります。", "It changes every 30 seconds."),
    "recovery_code": Text("リカバリーコード", "Recovery code"),
    "recovery_code_hint": Text(
        "設定時に保管したコードです。1つのコードは1回だけ使えます。例: 7K3M-9QXT-2FHA",
        "One of the codes you saved when you set it up. Each works once, for example 7K3M-9QXT-2FHA",
    ),
    "use_code": Text("コードを確認する", "Check the code"),
    "use_recovery_code": Text("リカバリーコードを使う", "Use the recovery code"),
    "use_passkey": Text("パスキーを使う", "Use a passkey"),
    "no_device": Text("認証アプリやパスキーを使えないとき", "If you cannot use your app or passkey"),
    "start_again": Text("最初からやり直す", "Begin again"),
    "forgot_password_title": Text("パスワードの再設定", "Reset your password"),
    "forgot_password_lead": Text(
        "認証IDを入力してください。登録されているメールアドレスに、パスワードを設定するリンクを送ります。",
        "Enter your login ID. We will send a link to set a password to your registered email address.",
    ),
    "forgot_password_first": Text(
        "まだパスワードを設定したことがない方は、認証IDの代わりに利用申出の受付番号を入力してください。",
        "If you have never set a password, enter the receipt number of your registration instead of a login ID.",
    ),
    "receipt_number": Text("利用申出の受付番号", "Receipt number of your registration"),
    "receipt_number_hint": Text("例: 東利申26-000123-5", "For example 東利申26-000123-5"),
    "send_link": Text("リンクを送る", "Send the link"),
    "link_sent": Text(
        "該当するアカウントがある場合は、登録されているメールアドレスにリンクを送りました。メールに記載された有効期限までに開いてください。",
        "If there is such an account, we sent a link to its registered email address. Open it before it expires.",
    ),
    "forgot_login_id_title": Text("認証IDの確認", "Find your login ID"),
    "forgot_login_id_lead": Text(
        "登録したメールアドレスを入力してください。認証IDをそのアドレスに送ります。",
        "Enter your registered email address. We will send your login ID there.",
    ),
    "email": Text("メールアドレス", "Email address"),
    "send_login_id": Text("認証IDを送る", "Send my login ID"),
    "login_id_sent": Text(
        "該当するアカウントがある場合は、認証IDをメールで送りました。",
        "If there is such an account, we sent its login ID by email.",
    ),
    "mail_missing": Text(
        "メールが届かないときは、迷惑メールのフォルダーと入力した内容を確認してください。",
        "If no email arrives, check your spam folder and what you entered.",
    ),
    "back_to_sign_in": Text("ログインのページへ", "To the sign-in page"),
    "sign_out_lead": Text("このブラウザーからログアウトします。", "You will be signed out of this browser."),
}
