"""What the pages about outside systems say: who acts for me, whom we let in, their secrets."""

from shared.errors import Text

TEXTS = {
    "systems": Text("外部システム", "Outside systems"),
    "systems_acting": Text("あなたに代わって操作するシステム", "Systems that act for you"),
    "systems_acting_lead": Text(
        "あなたが許可したシステムです。不要になったもの、心当たりのないものは取り消してください。",
        "You allowed these. End what you need no longer, and what you do not know.",
    ),
    "systems_let_in": Text("登録したシステム", "Systems that were let in"),
    "systems_let_in_lead": Text(
        "現在の立場で登録したシステムです。機関の場合は、同じ立場の職員全員に表示され、全員が終了できます。",
        "Let in under the role in which you act now. Colleagues in the same role see them and can end them.",
    ),
    "system_add": Text("システムを登録する", "Let a system in"),
    "system_add_lead": Text(
        "登録すると、このシステムは選んだ操作を、現在の立場で行えます。",
        "It will be able to do what you choose here, in the role in which you act.",
    ),
    "system_name": Text("システムの名称", "Name of the system"),
    "system_name_hint": Text("例:人事システム連携", "For example: payroll"),
    "system_scopes": Text("許可する操作", "What it may do"),
    "system_networks": Text("接続元のネットワーク", "Networks it calls from"),
    "system_networks_hint": Text(
        "例:203.0.113.0/24。複数の場合は空白で区切ります。空欄の場合は制限しません。",
        "For example 203.0.113.0/24; several with spaces between. Empty: from anywhere.",
    ),
    "system_anywhere": Text("制限なし", "from anywhere"),
    "system_redirects": Text("許可後の移動先", "Where people return to"),
    "system_redirects_hint": Text(
        "利用者に許可を求めるシステムだけ入力します。複数の場合は空白で区切ります。",
        "Only for systems that ask people. Several with spaces between.",
    ),
    "system_until": Text("期限", "Ends"),
    "system_until_hint": Text(
        "この日の終わりまで利用できます。1年以内です。空欄の場合は変更しないか、1年後になります。",
        "It works to the end of this day, at most a year from now. Empty: as it is, or after a year.",
    ),
    "system_day_wrong": Text("年月日を選んでください", "Choose a day"),
    "system_let_in": Text("登録する", "Let it in"),
    "system_since": Text("許可した日時", "Allowed"),
    "system_last": Text("最後の利用", "Last used"),
    "system_ended": Text("終了", "Ended"),
    "system_client_id": Text("クライアントID", "Client ID"),
    "system_stop_acting": Text("許可を取り消す", "Let it act no longer"),
    "system_change": Text("登録内容を変更する", "Change it"),
    "system_keep": Text("変更する", "Save"),
    "system_end": Text("登録を終了する", "End this system"),
    "system_end_lead": Text(
        "「{name}」は利用できなくなります。元に戻すことはできません。",
        "“{name}” gets in no more. This cannot be undone.",
    ),
    "system_secret": Text("シークレット", "Secret"),
    "system_secret_add": Text("新しいシークレットを発行する", "New secret"),
    "system_secret_lead": Text(
        "「{name}」の2つ目のシークレットを発行します。今のシークレットは、終了させるまで使えます。",
        "A second secret for “{name}”. The present one works until you end it.",
    ),
    "system_secret_made": Text("シークレット発行日時", "Secret made"),
    "system_secret_end": Text("このシークレットを終了させる", "End this secret"),
    "system_secret_shown": Text("シークレットを発行しました", "The secret"),
    "system_secret_once": Text(
        "シークレットが表示されるのは今回だけです。システムに設定し、他の人に知らせないでください。",
        "This is shown only once. Put it into the system, and tell nobody else.",
    ),
    "system_secret_kept": Text("設定しました", "I have put it in"),
    "back_to_systems": Text("外部システムへ戻る", "Back to outside systems"),
    "done_authorization_ended": Text("許可を取り消しました。", "It acts for you no longer."),
    "done_client_changed": Text("登録内容を変更しました。", "The system was changed."),
    "done_client_ended": Text("登録を終了しました。", "The system was ended."),
    "done_secret_ended": Text("シークレットを終了させました。", "The secret was ended."),
}
