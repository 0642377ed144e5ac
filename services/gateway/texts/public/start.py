"""The start page."""

from shared.errors import Text

TEXTS = {
    "title": Text("在留手続をオンラインで", "Apply for residence procedures online"),
    "lead": Text(
        "在留期間の更新などの手続を、窓口に行かずに行うためのシステムです。初めての方は、利用者登録から始めてください。",
        "Use this service for residence procedures, such as extending a period of stay, without visiting the "
        "counter. If this is your first time, register first.",
    ),
    "today": Text("現在できること", "What you can do today"),
    "not_yet": Text(
        "申請の作成・提出、進捗の確認、資料の提出、手数料の納付の画面は準備中です。現在は、APIに対応した外部システムから行ってください。"
        "受け付けている申請は、在留期間更新許可申請（技術・人文知識・国際業務）です。",
        "There are no pages yet for filling in, submitting, following and paying for applications. For now, use a "
        "system that is connected through the API. It accepts applications for extension of period of stay "
        "(Engineer/Specialist in Humanities/International Services).",
    ),
    "in_browser": Text("画面でできること:", "On these pages:"),
    "by_api": Text("APIで行うこと:", "Through the API:"),
    "staff": Text("機関・団体の職員の方", "Staff of organisations"),
    "staff_can": Text(
        "利用申出の作成・提出・補正、定期報告、ログインの方法の管理、外部システムの登録",
        "write, submit and correct a usage registration, submit the periodic report, manage how you sign in, register "
        "connected systems.",
    ),
    "staff_cannot": Text(
        "申請の作成・提出、一覧と進捗の確認、資料の提出、取下げ",
        "fill in and submit applications, list and follow them, submit more documents, withdraw.",
    ),
    "people": Text(
        "外国人本人、法定代理人、親族、弁護士・行政書士の方",
        "Foreign nationals, legal representatives, relatives, lawyers and administrative scriveners",
    ),
    "people_can": Text(
        "本人確認による利用者登録、書類のアップロード、ログインの方法の管理、外部システムへの許可の管理",
        "confirm your identity and register, upload documents, manage how you sign in and which systems act for you.",
    ),
    "people_without": Text(
        "登録済みの方のログインの方法の管理（このサイトでは、新しい登録に必要な本人確認サービスが設定されていません）",
        "if you are registered, manage how you sign in. New registrations need an identity provider, which this site "
        "does not have.",
    ),
    "people_cannot": Text(
        "申請の作成・提出、進捗の確認、資料の提出、取下げ",
        "fill in and submit applications, follow them, submit more documents, withdraw.",
    ),
    "officers": Text("審査などを行う職員の方", "Officers"),
    "officers_can": Text(
        "ログイン、二要素認証の設定、ログイン中の端末の管理",
        "sign in, set up two-factor authentication, manage where you are signed in.",
    ),
    "officers_cannot": Text(
        "利用申出の審査、申請の受付・審査・決裁、在留カードの交付、職員の管理",
        "examine registrations, receive, examine and decide applications, issue cards, administer officers.",
    ),
    "procedures": Text("手続と手数料", "Procedures and fees"),
    "procedures_lead": Text(
        "{day}に受け付けた申請の手数料と、標準的な処理期間です。",
        "Fees for applications received on {day}, and the standard processing time.",
    ),
    "procedure": Text("手続", "Procedure"),
    "fee_online": Text("オンライン", "Online"),
    "fee_counter": Text("窓口", "At the counter"),
    "time": Text("処理期間", "Time"),
    "free": Text("無料", "Free"),
    "by_stay": Text("{least}～{most}（許可される在留期間による）", "{least} to {most}, by the period of stay granted"),
    "single": Text("（1回）", " (single)"),
    "multiple": Text("（数次）", " (multiple)"),
    "not_offered": Text("窓口のみ", "Counter only"),
    "fee_paid": Text("手数料は、許可されるときに納付します。", "You pay the fee when permission is granted."),
    "yen": Text("{yen}円", "¥{yen}"),
    "steps": Text("登録の流れ", "How to register"),
    "step_staff_1": Text(
        "利用者区分を選び、メールアドレスを入力します。", "Choose your user class and enter your email address."
    ),
    "step_staff_2": Text(
        "メールのリンクから利用申出を作成し、書類を添えて提出します。",
        "Open the link in our email, fill in the usage registration and add the documents.",
    ),
    "step_staff_3": Text(
        "審査の結果をメールで受け取ります（書類がそろってから、目安として{time}）。",
        "Receive the result by email. We estimate {time} after all documents have arrived.",
    ),
    "step_staff_4": Text(
        "メールのリンクからパスワードを設定し、ログインします。",
        "Set your password with the link in the email, and sign in.",
    ),
    "step_people_1": Text("{name}で本人確認を行います。", "Confirm your identity with {name}."),
    "step_people_2": Text("連絡先などを入力し、登録します。", "Enter your contact details, and register."),
    "step_people_3": Text(
        "メールのリンクからメールアドレスを確認し、ログインします。",
        "Confirm your email address with the link in our email, and sign in.",
    ),
}
