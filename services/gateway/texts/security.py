"""What the pages of password, second factor, recovery codes, passkeys and step-up say."""

from shared.errors import Text

TEXTS = {
    "security": Text("セキュリティ", "Security"),
    "change": Text("変更する", "Change"),
    "back_to_security": Text("セキュリティのページへ戻る", "Back to security"),
    "done_password": Text(
        "パスワードを変更しました。ほかの端末はログアウトしました。",
        "Your password has been changed. Your other devices have been signed out.",
    ),
    "done_app_removed": Text("認証アプリを解除しました。", "The authenticator app was removed."),
    "done_passkey_added": Text("パスキーを追加しました。", "The passkey was added."),
    "done_passkey_removed": Text("パスキーを削除しました。", "The passkey was removed."),
    "done_identity_linked": Text("連携しました。", "Linked. You can now sign in with it."),
    "done_identity_removed": Text("連携を解除しました。", "The link has been removed."),
    "done_begin_again": Text(
        "設定の有効時間が過ぎました。最初から設定し直してください。",
        "The time for setup has expired. Start again.",
    ),
    "change_password": Text("パスワードを変更する", "Change your password"),
    "set_password": Text("パスワードを設定する", "Set a password"),
    "password_none": Text("設定されていません。", "No password is set."),
    "password_present": Text("現在のパスワード", "Current password"),
    "password_show": Text("パスワードを表示する", "Show password"),
    "password_hide": Text("パスワードを隠す", "Hide password"),
    "factor_needed": Text(
        "職員には二要素認証が必要なため、解除できません。先に別の認証アプリやパスキーを設定してください。",
        "Officers need two-factor authentication, so this cannot be removed. Set up another app or passkey first.",
    ),
    "way_in_needed": Text(
        "ログインの方法がほかにないため、解除できません。先にパスワードを設定するか、パスキーを追加してください。",
        "This is your only way to sign in, so it cannot be removed. Set a password or add a passkey first.",
    ),
    "password_new": Text("新しいパスワード", "New password"),
    "password_hint": Text(
        "12文字以上128文字以内。関係のない言葉をいくつか並べると、覚えやすく安全です。",
        "12 to 128 characters. Several unrelated words are safe and easy to remember.",
    ),
    "password_again": Text("新しいパスワード（確認のためもう一度）", "Confirm your new password"),
    "password_differs": Text("2つのパスワードが一致しません", "The two passwords differ"),
    "password_others_end": Text(
        "変更すると、ほかの端末はログアウトします。", "Your other devices are signed out with the change."
    ),
    "app": Text("認証アプリ", "Authenticator app"),
    "app_since": Text("設定日時", "Set up on"),
    "app_none": Text("設定されていません。", "None is set up."),
    "app_set_up": Text("認証アプリを設定する", "Set up an authenticator app"),
    "app_replace": Text("認証アプリを変更する", "Change the authenticator app"),
    "app_remove": Text("認証アプリを解除する", "Remove the authenticator app"),
    "app_enrol": Text(
        "職員は二要素認証の設定が必要です。設定が終わるまで、ほかの操作はできません。",
        "Officers need two-factor authentication. Nothing else can be done before it is set up.",
    ),
    "app_lead": Text(
        "スマートフォンに認証アプリ（TOTP対応）を用意してから、設定を始めてください。設定は10分以内に終えてください。",
        "Have an authenticator app (TOTP) ready on your phone before you begin. You then have 10 minutes.",
    ),
    "app_others_end": Text(
        "設定が終わると、ほかの端末はログアウトします。",
        "Your other devices are signed out when it is set up.",
    ),
    "app_begin": Text("設定を始める", "Begin"),
    "app_scan": Text("1. 認証アプリでこのQRコードを読み取ってください。", "1. Scan this QR code with the app."),
    "app_qr": Text("認証アプリで読み取るQRコード", "QR code for the authenticator app"),
    "app_by_hand": Text(
        "読み取れないときは、次のキーをアプリに入力してください。",
        "If you cannot scan it, type this key into the app.",
    ),
    "app_key": Text("キー", "Key"),
    "app_open": Text("この端末の認証アプリで開く", "Open in the authenticator app of this device"),
    "app_confirm_lead": Text(
        "2. アプリに表示された6桁のコードを入力してください。", "2. Enter the six digits that the app shows."
    ),
    "app_confirm": Text("設定を完了する", "Finish"),
    "app_still_good": Text(
        "先ほど読み取ったキーはまだ使えます。アプリに今表示されているコードを入力してください。",
        "The key you scanned is still good. Enter the code that the app shows now.",
    ),
    "app_begin_again": Text("新しいQRコードでやり直す", "Begin again with a new QR code"),
    "app_done_sign_in": Text(
        "二要素認証を設定しました。業務を始めるには、ログインし直してください。",
        "Two-factor authentication is set up. Sign in again to begin your work.",
    ),
    "app_sign_in_again": Text("ログインし直す", "Sign in again"),
    "app_remove_lead": Text(
        "解除すると、ログインに使えるのはパスワードなど残りの方法だけになります。ほかの端末はログアウトします。",
        "Without it, only your password and your other factors are left. Your other devices are signed out.",
    ),
    "recovery": Text("リカバリーコード", "Recovery codes"),
    "recovery_left": Text("残り{count}個", "{count} left"),
    "recovery_renew": Text("新しいリカバリーコードを作る", "Make new recovery codes"),
    "recovery_renew_lead": Text(
        "新しいコードを作ると、これまでのコードは使えなくなります。",
        "With new codes, those you have now stop working.",
    ),
    "recovery_shown": Text("リカバリーコードの保管", "Keep your recovery codes"),
    "recovery_once": Text(
        "このコードが表示されるのは今回だけです（10分間）。印刷するか書き写して、安全な場所に保管してください。",
        "These codes are shown only once, for 10 minutes. Print or write them down, and keep them in a safe place.",
    ),
    "recovery_use": Text(
        "認証アプリやパスキーを使えないときに、1つずつ使えます。それぞれ1回だけ有効です。",
        "Use one when you cannot use your app or passkey. Each works once.",
    ),
    "recovery_over": Text(
        "二要素認証は設定されています。リカバリーコードは、もう一度表示できません。"
        "保管していない場合は、新しいコードを作成してください。",
        "Two-factor authentication is set up. The recovery codes cannot be shown again. If you did not save them, "
        "make new ones.",
    ),
    "recovery_site": Text("サイト", "Site"),
    "recovery_made": Text("作成日時", "Made on"),
    "recovery_kept": Text("保管しました", "I have saved them"),
    "passkeys": Text("パスキー", "Passkeys"),
    "passkeys_lead": Text(
        "指紋・顔・画面ロックでログインします。パスワードもコードの入力も不要です。",
        "Sign in with your fingerprint, face or screen lock. No password or code is needed.",
    ),
    "passkey_none": Text("登録されていません。", "There are none."),
    "passkey_created": Text("登録日時", "Added on"),
    "passkey_used": Text("最後に使った日時", "Last used"),
    "passkey_never": Text("未使用", "never"),
    "passkey_add": Text("パスキーを追加する", "Add a passkey"),
    "passkey_label": Text("パスキーの名前", "Name of the passkey"),
    "passkey_label_hint": Text(
        "後で見分けるための名前です。空欄のときは端末の名前になります。",
        "To tell it apart later. Left empty, it is named after this device.",
    ),
    "passkey_continue": Text("次へ", "Continue"),
    "passkey_make_lead": Text(
        "ボタンを押すと、端末が本人確認を求めます。5分以内に行ってください。",
        "Select the button, and your device will ask you to confirm your identity. You have 5 minutes.",
    ),
    "passkey_make": Text("パスキーを作る", "Make the passkey"),
    "passkey_remove": Text("パスキーを削除する", "Remove the passkey"),
    "passkey_remove_lead": Text(
        "「{label}」を削除します。このパスキーではログインできなくなり、ほかの端末はログアウトします。",
        "“{label}” will be removed. You can no longer sign in with it, and your other devices will be signed out.",
    ),
    "remove_this": Text("「{label}」を削除する", "Remove “{label}”"),
    "identity_lead": Text(
        "{name}で本人確認を行うと、パスワードを使わずにログインできます。",
        "Confirm your identity with {name} to sign in without a password.",
    ),
    "identity_since": Text("連携した日時", "Linked"),
    "identity_link": Text("{name}を連携する", "Link {name}"),
    "identity_remove": Text("{name}の連携を解除する", "Unlink {name}"),
    "identity_remove_lead": Text(
        "{name}ではログインできなくなり、ほかの端末はログアウトします。",
        "You can no longer sign in with {name}, and your other devices will be signed out.",
    ),
    "step_up": Text("本人確認", "Confirm your identity"),
    "step_up_lead": Text(
        "重要な操作の前に、もう一度本人確認をしてください。20分間有効です。",
        "Confirm your identity again before important changes. This is valid for 20 minutes.",
    ),
    "step_up_password": Text("現在のパスワード", "Current password"),
    "step_up_identity": Text("{name}で本人確認をする", "Confirm your identity with {name}"),
    "step_up_none": Text(
        "このアカウントで利用できる本人確認の方法がありません。ログアウトし、もう一度ログインしてください。",
        "This account has no way to confirm your identity here. Sign out and sign in again.",
    ),
    "identity_provider": Text("本人確認サービス", "the identity provider"),
    "step_up_confirm": Text("確認する", "Confirm"),
    "cancel": Text("キャンセル", "Cancel"),
}
