"""Recovery codes."""

from shared.errors import Text

TEXTS = {
    "title": Text("リカバリーコード", "Recovery codes"),
    "left": Text("残り{count}個", "{count} left"),
    "renew": Text("新しいリカバリーコードを作る", "Create new recovery codes"),
    "renew_lead": Text(
        "新しいコードを作ると、これまでのコードは使えなくなります。",
        "If you create new codes, your current codes stop working.",
    ),
    "shown": Text("リカバリーコードの保管", "Keep your recovery codes"),
    "once": Text(
        "このコードが表示されるのは今回だけです（10分間）。印刷するか書き写して、安全な場所に保管してください。",
        "These codes are shown only once, for 10 minutes. Print or write them down, and keep them in a safe place.",
    ),
    "use": Text(
        "認証アプリやパスキーを使えないときに、1つずつ使えます。それぞれ1回だけ有効です。",
        "Use one when you cannot use your app or passkey. Each works once.",
    ),
    "over": Text(
        "二要素認証は設定されています。リカバリーコードは、もう一度表示できません。"
        "保管していない場合は、新しいコードを作成してください。",
        "Two-factor authentication is set up. The recovery codes cannot be shown again. If you did not save them, "
        "create new ones.",
    ),
    "site": Text("サイト", "Site"),
    "made": Text("作成日時", "Created on"),
    "kept": Text("保管しました", "I have saved them"),
}
