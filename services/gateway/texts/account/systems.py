"""Connected systems: those that act for a person, and those that were registered."""

from shared.errors import Text

TEXTS = {
    "acting": Text("あなたに代わって操作するシステム", "Systems that act for you"),
    "acting_lead": Text(
        "あなたが許可したシステムです。不要になったもの、心当たりのないものは取り消してください。",
        "You allowed these systems to act for you. Revoke access for any you no longer need or do not recognise.",
    ),
    "registered": Text("登録した外部システム", "Registered systems"),
    "registered_lead": Text(
        "現在の利用者区分で登録したシステムです。機関の場合は、同じ利用者区分の職員全員に表示され、全員が終了できます。",
        "Registered in your current role. Colleagues in the same role can see and end them.",
    ),
    "add": Text("外部システムを登録する", "Register a system"),
    "add_lead": Text(
        "登録すると、このシステムは選んだ操作を、現在の利用者区分で行えます。",
        "The system will be able to do what you select here, in your current role.",
    ),
    "name": Text("システムの名称", "Name of the system"),
    "name_hint": Text("例：人事システム連携", "For example: payroll"),
    "scopes": Text("許可する操作", "What the system can do"),
    "networks": Text("接続元のネットワーク", "Networks it connects from"),
    "networks_hint": Text(
        "例：203.0.113.0/24。複数の場合は空白で区切ります。空欄の場合は制限しません。",
        "For example, 203.0.113.0/24. Separate several with spaces. If you leave this empty, any network is allowed.",
    ),
    "anywhere": Text("制限なし", "No restriction"),
    "redirects": Text("リダイレクト先URL", "Redirect URL"),
    "redirects_hint": Text(
        "利用者に許可を求めるシステムだけ入力します。複数の場合は空白で区切ります。",
        "Only for systems that ask people for permission. Separate several with spaces.",
    ),
    "until": Text("利用の有効期限", "Valid until"),
    "until_add": Text(
        "この日の終わりまで利用できます。1年以内の日を指定してください。空欄の場合は1年後になります。",
        "The system works until the end of this day, at most one year from now. If you leave this empty, one year.",
    ),
    "until_change": Text(
        "この日の終わりまで利用できます。1年以内の日を指定してください。空欄の場合は変更しません。",
        "The system works until the end of this day, at most one year from now. If you leave this empty, it does "
        "not change.",
    ),
    "register": Text("登録する", "Register"),
    "since": Text("許可した日時", "Allowed"),
    "last": Text("最後の利用", "Last used"),
    "ended": Text("終了", "Ended"),
    "client_id": Text("クライアントID", "Client ID"),
    "stop_acting": Text("許可を取り消す", "Revoke access"),
    "change": Text("登録内容を変更する", "Change this system"),
    "keep": Text("変更する", "Save"),
    "end": Text("登録を終了する", "End this system"),
    "end_lead": Text(
        "「{name}」は利用できなくなります。元に戻すことはできません。",
        "“{name}” can no longer connect. This cannot be undone.",
    ),
    "secret": Text("シークレット", "Secret"),
    "secret_add": Text("新しいシークレットを発行する", "Create a new secret"),
    "secret_lead": Text(
        "「{name}」の2つ目のシークレットを発行します。今のシークレットは、無効にするまで使えます。",
        "This creates a second secret for “{name}”. The current one works until you deactivate it.",
    ),
    "secret_made": Text("シークレット発行日時", "Secret created"),
    "secret_end": Text("シークレットを無効にする", "Deactivate this secret"),
    "secret_shown": Text("シークレットを発行しました", "Your new secret"),
    "secret_once": Text(
        "シークレットが表示されるのは今回だけです。システムに設定し、他の人に知らせないでください。",
        "This is shown only once. Enter it in the system, and do not share it with anyone.",
    ),
    "secret_over": Text(
        "「{name}」のシークレットは、もう一度表示できません。設定していない場合は、新しいシークレットを発行してください。",
        "The secret of “{name}” cannot be shown again. If you did not save it, create a new one.",
    ),
    "secret_kept": Text("設定しました", "I have saved it"),
    "back": Text("外部システムへ戻る", "Back to connected systems"),
    "done_authorization_ended": Text("許可を取り消しました。", "Access has been revoked."),
    "done_client_changed": Text("登録内容を変更しました。", "The system was changed."),
    "done_client_ended": Text("登録を終了しました。", "The system was ended."),
    "done_secret_ended": Text("シークレットを無効にしました。", "The secret has been deactivated."),
}
