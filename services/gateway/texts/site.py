"""What the start page, the interface list and the page of a password link say."""

from shared.errors import Text

TEXTS = {
    "site": Text("在留申請オンライン Zairyu", "Zairyu, residence procedures online"),
    "skip": Text("本文へ移動", "Skip to the content"),
    "switch": Text("English", "日本語"),
    "start_title": Text("オンラインで在留手続を行う", "Residence procedures without a visit to the counter"),
    "start_lead": Text(
        "在留資格の変更、在留期間の更新などの申請を、窓口に行かずに行うためのシステムです。",
        "Apply online for a change of status of residence, an extension of the period of stay, and more.",
    ),
    "start_steps": Text("手続の流れ", "How it goes"),
    "step_1": Text("利用申出をして、承認を受けます。", "Apply to use the system, and be approved."),
    "step_2": Text(
        "メールのリンクからパスワードを設定し、サインインします。",
        "Set your password with the link in our mail, and sign in.",
    ),
    "step_3": Text(
        "申請書を作成し、写真と書類を添えて提出します。",
        "Fill in the application, add the photo and documents, and submit it.",
    ),
    "step_4": Text("審査の結果と手数料の案内をメールで受け取ります。", "Receive the result and the fee by mail."),
    "step_5": Text("新しい在留カードを郵送で受け取ります。", "Receive the new residence card by post."),
    "start_interface": Text("外部システムとの連携", "For outside systems"),
    "start_docs": Text("インターフェースの一覧", "List of the interface"),
    "start_openapi": Text("OpenAPI文書 (JSON)", "OpenAPI document (JSON)"),
    "notice": Text(
        "申請ごとの必要書類と手数料は、申請の画面で確認できます。",
        "Each application shows the documents and the fee that it needs.",
    ),
    "docs_title": Text("インターフェースの一覧", "List of the interface"),
    "docs_lead": Text(
        "すべてのサービスの操作です。機械で読み取る場合はOpenAPI文書を使用してください。",
        "The operations of all services. Programs read the OpenAPI document.",
    ),
    "docs_missing": Text("現在応答していないサービス:", "Services that do not answer at present:"),
    "docs_method": Text("メソッド", "Method"),
    "docs_path": Text("パス", "Path"),
    "docs_summary": Text("内容", "What it does"),
    "docs_roles": Text("利用できる方", "Who may call it"),
    "docs_public": Text("どなたでも", "anybody"),
    "docs_signed_in": Text("サインインした方", "who has signed in"),
    "password_title": Text("パスワードの設定", "Set your password"),
    "password_lead": Text(
        "新しいパスワードを入力してください。長いパスワードほど安全です。",
        "Choose a new password. The longer it is, the safer.",
    ),
    "password_submit": Text("設定する", "Set it"),
    "password_done": Text("パスワードを設定しました。", "Your password is set."),
}
