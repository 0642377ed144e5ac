"""What the pages of password, second factor, recovery codes, passkeys and step-up say."""

from shared.errors import Text

TEXTS = {
    "security": Text("セキュリティ", "Security"),
    "change": Text("変更する", "Change"),
    "back_to_security": Text("セキュリティのページへ戻る", "Back to security"),
    "done_password": Text(
        "パスワードを変更しました。ほかの端末はサインアウトしました。",
        "Your password was changed. Your other devices were signed out.",
    ),
    "done_app_removed": Text("認証アプリを解除しました。", "The authenticator app was removed."),
    "done_passkey_added": Text("パスキーを追加しました。", "The passkey was added."),
    "done_passkey_removed": Text("パスキーを削除しました。", "The passkey was removed."),
    "done_identity_linked": Text("連携しました。", "Linked: you can sign in with it from now on."),
    "done_identity_removed": Text("連携を解除しました。", "It is linked no more."),
    "done_begin_again": Text(
        "設定の有効時間が過ぎました。最初から設定し直してください。",
        "The time for setting it up is over. Begin again.",
    ),
    "change_password": Text("パスワードを変更する", "Change your password"),
    "password_new": Text("新しいパスワード", "New password"),
    "password_hint": Text(
        "12文字以上128文字以内。関係のない言葉をいくつか並べると、覚えやすく安全です。",
        "12 to 128 characters. Several unrelated words are safe and easy to remember.",
    ),
    "password_again": Text("新しいパスワード(確認のためもう一度)", "New password, once more"),
    "password_differs": Text("2つのパスワードが一致しません", "The two passwords differ"),
    "password_others_end": Text(
        "変更すると、ほかの端末はサインアウトします。", "Your other devices are signed out with the change."
    ),
    "app": Text("認証アプリ", "Authenticator app"),
    "app_since": Text("設定日時", "Set up on"),
    "app_none": Text("設定されていません。", "None is set up."),
    "app_set_up": Text("認証アプリを設定する", "Set up an authenticator app"),
    "app_replace": Text("別の認証アプリに替える", "Replace the app"),
    "app_remove": Text("認証アプリを解除する", "Remove the app"),
    "app_enrol": Text(
        "職員は二要素認証の設定が必要です。設定が終わるまで、ほかの操作はできません。",
        "Officers need a second factor. Nothing else can be done before it is set up.",
    ),
    "app_lead": Text(
        "スマートフォンに認証アプリ(TOTP対応)を用意してから、設定を始めてください。設定は10分以内に終えてください。",
        "Have an authenticator app (TOTP) ready on your phone before you begin. You then have 10 minutes.",
    ),
    "app_others_end": Text(
        "設定が終わると、ほかの端末はサインアウトします。",
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
        "二要素認証を設定しました。業務を始めるには、サインインし直してください。",
        "Your second factor is set up. Sign in again to begin your work.",
    ),
    "app_sign_in_again": Text("サインインし直す", "Sign in again"),
    "app_remove_lead": Text(
        "解除すると、サインインに使えるのはパスワードなど残りの方法だけになります。ほかの端末はサインアウトします。",
        "Without it, only your password and your other factors are left. Your other devices are signed out.",
    ),
    "recovery": Text("リカバリーコード", "Recovery codes"),
    "recovery_left": Text("残り{count}個", "{count} left"),
    "recovery_renew": Text("新しいリカバリーコードを作る", "Make new recovery codes"),
    "recovery_renew_lead": Text(
        "新しいコードを作ると、これまでのコードは使えなくなります。",
        "With new codes, those you have now stop working.",
    ),
    "recovery_shown": Text("リカバリーコードの控え", "Keep your recovery codes"),
    "recovery_once": Text(
        "このコードは今回だけ表示します。印刷するか書き写して、安全な場所に保管してください。",
        "These codes are shown this once. Print them or write them down, and keep them in a safe place.",
    ),
    "recovery_use": Text(
        "認証アプリやパスキーを使えないときに、1つずつ使えます。それぞれ1回だけ有効です。",
        "Use one when you cannot use your app or passkey. Each works once.",
    ),
    "recovery_kept": Text("控えました", "I have kept them"),
    "passkeys": Text("パスキー", "Passkeys"),
    "passkeys_lead": Text(
        "指紋・顔・画面ロックでサインインします。パスワードもコードも要りません。",
        "Sign in with your fingerprint, face or screen lock, without password and code.",
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
        "Press the button, and your device asks you to show that it is you. You have 5 minutes.",
    ),
    "passkey_make": Text("パスキーを作る", "Make the passkey"),
    "passkey_remove": Text("パスキーを削除する", "Remove the passkey"),
    "passkey_remove_lead": Text(
        "「{label}」を削除します。このパスキーではサインインできなくなり、ほかの端末はサインアウトします。",
        "“{label}” will be removed. It signs nobody in any more, and your other devices are signed out.",
    ),
    "remove_this": Text("「{label}」を削除する", "Remove “{label}”"),
    "identity_lead": Text(
        "{name}で本人確認を行うと、パスワードを使わずにサインインできます。",
        "With {name} you prove who you are, and sign in without a password.",
    ),
    "identity_since": Text("連携した日時", "Linked"),
    "identity_link": Text("{name}を連携する", "Link {name}"),
    "identity_remove": Text("{name}の連携を解除する", "Unlink {name}"),
    "identity_remove_lead": Text(
        "{name}ではサインインできなくなり、ほかの端末はサインアウトします。",
        "You sign in with {name} no more, and your other devices are signed out.",
    ),
    "step_up": Text("本人確認", "Show that it is you"),
    "step_up_lead": Text(
        "大切な操作の前に、もう一度本人確認をしてください。20分間有効です。",
        "This is asked again before acts that matter. It then holds for 20 minutes.",
    ),
    "step_up_password": Text("現在のパスワード", "Your present password"),
    "step_up_confirm": Text("確認する", "Confirm"),
    "cancel": Text("やめる", "Cancel"),
}
