"""The start page."""

from shared.errors import Text

TEXTS = {
    "title": Text("在留手続をオンラインで", "Residence procedures online"),
    "lead": Text(
        "在留資格認定証明書の交付、在留期間の更新、在留資格の変更などの申請を、窓口に行かずに行えます。24時間受け付けています。",
        "Apply for a certificate of eligibility, an extension of your period of stay, a change of status and other "
        "procedures without visiting the counter. Applications are accepted at all hours.",
    ),
    "visitors": Text("利用する方ごとの案内", "Who you are"),
    "self": Text("外国人ご本人", "Foreign national"),
    "self_can": Text(
        "自分の在留期間の更新、在留資格の変更などを申請できます。マイナンバーカードなどで本人確認を行うと、すぐに利用できます。",
        "Apply for your own extension or change of status. You can start as soon as your identity is confirmed, for "
        "example with your My Number card.",
    ),
    "family": Text("ご家族（法定代理人・親族）", "Family (legal representative or relative)"),
    "family_can": Text(
        "お子さまや、病気などで申請できないご家族のために申請できます。続柄が分かる書類をアップロードしてください。",
        "Apply for your child, or for a relative who cannot apply because of illness or another reason. Upload a "
        "document that shows how you are related.",
    ),
    "staff": Text("会社・学校・団体の職員", "Staff of a company, school or organisation"),
    "staff_can": Text(
        "所属する外国人、支援や監理をしている外国人のために申請できます。"
        "先に利用申出を行い、承認を受けてください（書類がそろってから、目安として{time}）。",
        "Apply for foreign nationals who belong to your organisation, or whom it supports or supervises. Submit a "
        "usage registration first. We estimate {time} for its approval after all documents have arrived.",
    ),
    "professional": Text("弁護士・行政書士", "Lawyer or administrative scrivener"),
    "professional_can": Text(
        "申請の取次ぎを依頼した外国人のために申請できます。届出済証明書などをアップロードしてください。",
        "Apply for foreign nationals who engage you. Upload the certificate of your profession.",
    ),
    "register_as": Text("登録する", "Register"),
    "without_identity": Text(
        "個人の方の新しい登録は、このサイトでは行えません（本人確認サービスが設定されていません）。",
        "Individuals cannot register on this site: it has no identity provider.",
    ),
    "procedures": Text("手続と手数料", "Procedures and fees"),
    "procedures_lead": Text(
        "{day}に受け付けた申請の手数料と、標準処理期間です。手数料は、許可されるときに納付します。",
        "Fees for applications received on {day}, and the standard processing time. You pay the fee when permission is "
        "granted.",
    ),
    "procedure": Text("手続", "Procedure"),
    "online": Text("オンライン申請", "Online"),
    "online_yes": Text("できます", "Yes"),
    "online_with_main": Text("変更・更新・取得と同時にできます", "Together with a change, extension or acquisition"),
    "online_no": Text("窓口のみ", "At the counter only"),
    "fee_online": Text("手数料（オンライン）", "Fee (online)"),
    "fee_counter": Text("手数料（窓口）", "Fee (at the counter)"),
    "time": Text("標準処理期間", "Processing time"),
    "free": Text("無料", "Free"),
    "by_stay": Text("{least}～{most}（許可される在留期間による）", "{least} to {most}, by the period of stay granted"),
    "single": Text("（1回）", " (single)"),
    "multiple": Text("（数次）", " (multiple)"),
    "not_offered": Text("－", "–"),
    "yen": Text("{yen}円", "¥{yen}"),
    "flow": Text("申請の流れ", "How it works"),
    "flow_1": Text("質問に答える", "Answer questions"),
    "flow_1_more": Text("必要な申請書が分かります。", "They find the form that you need."),
    "flow_2": Text("入力し、書類を添える", "Fill in the form and add documents"),
    "flow_2_more": Text(
        "途中で保存できます。足りないものは、提出する前に表示されます。",
        "You can stop and continue later. What is missing is shown before you submit.",
    ),
    "flow_3": Text("提出する", "Submit"),
    "flow_3_more": Text(
        "受付番号と受付証明がすぐに発行されます。",
        "You receive a receipt number and a proof of the application at once.",
    ),
    "flow_4": Text("結果を受け取る", "Receive the result"),
    "flow_4_more": Text(
        "メールでお知らせします。手数料の納付と在留カードの受取り方も案内します。",
        "We email you, and explain how to pay the fee and receive your residence card.",
    ),
    "when": Text("申請できる時期", "When to apply"),
    "when_extend": Text(
        "在留期間の更新は、在留期限のおおむね3か月前から、在留期限の日の23時59分まで（日本時間。休日も同じ）。",
        "An extension: from about three months before your stay ends until 23:59 (Japan) on its last day, also on "
        "holidays.",
    ),
    "when_acquire": Text(
        "在留資格の取得は、出生などの日から30日以内。",
        "Acquisition of a status: within 30 days of the birth or other cause.",
    ),
    "to_home": Text("ホームへ", "Go to your home page"),
    "sign_in_lead": Text("登録済みの方", "If you are registered"),
    "register_lead": Text("初めての方", "If this is your first time"),
    "signed_in_lead": Text("ログインしています", "You are signed in"),
    "officer": Text("審査などを行う職員の方は、こちらからログインしてください。", "Officers sign in here too."),
}
