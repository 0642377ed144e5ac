"""Texts of every page's head and foot, the start page, the API specification and the page of a password link."""

from shared.errors import Text

TEXTS = {
    "site": Text("在留申請オンライン Zairyu", "Zairyu, residence procedures online"),
    "site_description": Text(
        "在留手続の利用者登録、利用申出及び定期報告をオンラインで行うためのサイトです。",
        "Register to use the online residence procedures of Japan, and submit periodic reports.",
    ),
    "skip": Text("本文へ移動", "Skip to the content"),
    "switch": Text("English", "日本語"),
    "menu_site": Text("サイトのメニュー", "Site menu"),
    "menu_about": Text("このサイトについて", "About this site"),
    "menu_registration": Text("利用申出", "Usage registration"),
    "separator": Text("・", ", "),
    "comma": Text("、", ", "),
    "help": Text("ヘルプ", "Help"),
    "contact": Text("お問い合わせ", "Contact"),
    "privacy": Text("プライバシーポリシー", "Privacy policy"),
    "accessibility": Text("ウェブアクセシビリティ方針", "Accessibility statement"),
    "help_links": Text("関連するページ", "Related pages"),
    "contact_desk": Text("お問い合わせ窓口", "Contact desk"),
    "operator": Text("運営者", "Operator"),
    "operator_unset": Text("未設定（見本のサイトです）", "Not configured (this is a sample site)"),
    "contact_unset": Text("未設定（見本のサイトです）", "Not configured (this is a sample site)"),
    "telephone": Text("電話番号", "Telephone"),
    "last_updated": Text("最終更新日", "Last updated"),
    "site_text_sample": Text(
        "これは見本です。本システムの運営者が、実際の内容に差し替えます。",
        "This is a sample. The operator of this system replaces it.",
    ),
    "not_the_agency": Text(
        "このサイトは、オープンソースソフトウェア「Zairyu」で運営されています。出入国在留管理庁のウェブサイトではありません。",
        "This site runs on Zairyu, open-source software. It is not the website of the Immigration Services Agency.",
    ),
    "start_title": Text("在留手続をオンラインで", "Apply for residence procedures online"),
    "start_lead": Text(
        "在留期間の更新などの手続を、窓口に行かずに行うためのシステムです。初めての方は、利用者登録から始めてください。",
        "For residence procedures, such as the extension of the period of stay, without going to the counter. "
        "If this is your first time, register first.",
    ),
    "start_today": Text("現在できること", "What you can do today"),
    "start_not_yet": Text(
        "申請の作成・提出、進捗の確認、資料の提出、手数料の納付の画面は準備中です。現在は、APIに対応した外部システムから行ってください。"
        "受け付けている申請は、在留期間更新許可申請（技術・人文知識・国際業務）です。",
        "There are no pages yet for filling in, submitting, following and paying for applications. For now, use a "
        "system that is connected through the API. It accepts applications for extension of period of stay "
        "(Engineer/Specialist in Humanities/International Services).",
    ),
    "start_in_browser": Text("画面でできること:", "On these pages:"),
    "start_by_api": Text("APIで行うこと:", "Through the API:"),
    "start_staff": Text("機関・団体の職員の方", "Staff of organisations"),
    "start_staff_can": Text(
        "利用申出の作成・提出・補正、定期報告、ログインの方法の管理、外部システムの登録",
        "write, submit and correct a usage registration, submit the periodic report, manage how you sign in, register "
        "connected systems.",
    ),
    "start_staff_cannot": Text(
        "申請の作成・提出、一覧と進捗の確認、資料の提出、取下げ",
        "fill in and submit applications, list and follow them, submit more documents, withdraw.",
    ),
    "start_people": Text(
        "外国人本人、法定代理人、親族、弁護士・行政書士の方",
        "Foreign nationals, legal representatives, relatives, lawyers and administrative scriveners",
    ),
    "start_people_can": Text(
        "本人確認による利用者登録、書類のアップロード、ログインの方法の管理、外部システムへの許可の管理",
        "confirm your identity and register, upload documents, manage how you sign in and which systems act for you.",
    ),
    "start_people_without": Text(
        "登録済みの方のログインの方法の管理（このサイトでは、新しい登録に必要な本人確認サービスが設定されていません）",
        "if you are registered, manage how you sign in. New registrations need an identity provider, which this site "
        "does not have.",
    ),
    "start_people_cannot": Text(
        "申請の作成・提出、進捗の確認、資料の提出、取下げ",
        "fill in and submit applications, follow them, submit more documents, withdraw.",
    ),
    "start_officers": Text("審査などを行う職員の方", "Officers"),
    "start_officers_can": Text(
        "ログイン、二要素認証の設定、ログイン中の端末の管理",
        "sign in, set up two-factor authentication, manage where you are signed in.",
    ),
    "start_officers_cannot": Text(
        "利用申出の審査、申請の受付・審査・決裁、在留カードの交付、職員の管理",
        "examine registrations, receive, examine and decide applications, issue cards, administer officers.",
    ),
    "start_procedures": Text("手続と手数料", "Procedures and fees"),
    "start_procedures_lead": Text(
        "{day}に受け付けた申請の手数料と、標準的な処理期間です。",
        "Fees for applications received on {day}, and the standard processing time.",
    ),
    "start_procedure": Text("手続", "Procedure"),
    "start_fee_online": Text("オンライン", "Online"),
    "start_fee_counter": Text("窓口", "At the counter"),
    "start_time": Text("処理期間", "Time"),
    "start_free": Text("無料", "Free"),
    "start_by_stay": Text(
        "{least}～{most}（許可される在留期間による）", "{least} to {most}, by the period of stay granted"
    ),
    "start_single": Text("（1回）", " (single)"),
    "start_multiple": Text("（数次）", " (multiple)"),
    "start_not_offered": Text("窓口のみ", "Counter only"),
    "start_fee_paid": Text("手数料は、許可されるときに納付します。", "You pay the fee when permission is granted."),
    "yen": Text("{yen}円", "¥{yen}"),
    "start_steps": Text("登録の流れ", "How to register"),
    "start_step_staff_1": Text(
        "利用者区分を選び、メールアドレスを入力します。", "Choose your user class and enter your email address."
    ),
    "start_step_staff_2": Text(
        "メールのリンクから利用申出を作成し、書類を添えて提出します。",
        "Open the link in our email, fill in the usage registration and add the documents.",
    ),
    "start_step_staff_3": Text(
        "審査の結果をメールで受け取ります（書類がそろってから、目安として{time}）。",
        "Receive the result by email. We estimate {time} after all documents have arrived.",
    ),
    "start_step_staff_4": Text(
        "メールのリンクからパスワードを設定し、ログインします。",
        "Set your password with the link in the email, and sign in.",
    ),
    "start_step_people_1": Text("{name}で本人確認を行います。", "Confirm your identity with {name}."),
    "start_step_people_2": Text("連絡先などを入力し、登録します。", "Enter how to reach you, and register."),
    "start_step_people_3": Text(
        "メールのリンクからメールアドレスを確認し、ログインします。",
        "Confirm your email address with the link in our email, and sign in.",
    ),
    "start_openapi": Text("OpenAPI文書（JSON）", "OpenAPI document (JSON)"),
    "docs_title": Text("API仕様", "API specification"),
    "docs_services": Text("サービス", "Services"),
    "docs_lead": Text(
        "すべてのサービスの操作です。機械で読み取る場合はOpenAPI文書を使用してください。説明文は英語です。",
        "The operations of all services. Programs read the OpenAPI document.",
    ),
    "docs_missing": Text("現在応答していないサービス:", "Services that do not answer at present:"),
    "docs_method": Text("メソッド", "Method"),
    "docs_path": Text("パス", "Path"),
    "docs_summary": Text("内容", "Description"),
    "docs_roles": Text("利用できる方", "Available to"),
    "docs_public": Text("どなたでも", "Everyone"),
    "docs_signed_in": Text("ログインした方", "Signed-in users"),
    "password_title": Text("パスワードの設定", "Set your password"),
    "password_lead": Text(
        "新しいパスワードを入力してください。長いパスワードほど安全です。",
        "Enter a new password. The longer it is, the safer.",
    ),
    "password_submit": Text("設定する", "Set password"),
    "password_done": Text("パスワードを設定しました。", "Your password is set."),
}
