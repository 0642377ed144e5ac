"""The receipt of an application, and the proof that it is pending."""

from shared.errors import Text

TEXTS = {
    "title": Text("申請を受け付けました", "Application received"),
    "number": Text("申請受付番号", "Receipt number"),
    "keep": Text(
        "お問い合わせの際に必要です。控えておいてください。",
        "Keep it: you are asked for it when you contact the office.",
    ),
    "what": Text("受け付けた内容", "What was received"),
    "procedure": Text("手続", "Procedure"),
    "status": Text("在留資格", "Status of residence"),
    "applicant": Text("申請人", "Applicant"),
    "received": Text("受付日時", "Received at"),
    "office": Text("担当官署", "Office in charge"),
    "standard_period": Text("標準処理期間", "Usual duration"),
    "special_period": Text("特例期間の末日", "Last day of the special period"),
    "special_period_note": Text(
        "在留期間の満了日までに審査が終わらない場合も、この日（処分がされたときは、その時）まで引き続き在留できます"
        "（出入国管理及び難民認定法第20条第6項、第21条第4項）。",
        "If no decision is made before the period of stay ends, you may remain under the present status until this "
        "day, or until the disposition if it comes first (Immigration Control and Refugee Recognition Act, "
        "Articles 20 (6), 21 (4)).",
    ),
    "proof": Text("受付証明", "Proof of pending application"),
    "proof_lead": Text(
        "申請中であることを勤務先、銀行、警察などに示すための証明です。QRコードから、誰でも真偽と現在の状況を確認できます"
        "（氏名は表示されません）。",
        "It shows an employer, a bank or the police that the application is pending. By its QR code anybody can "
        "verify it and see the present state; no name is shown.",
    ),
    "proof_open": Text("受付証明を開く（PDF）", "Open the proof (PDF)"),
    "proof_over": Text(
        "この申請の手続は終わっているため、受付証明は発行できません。",
        "The procedure of this application is over, so no proof is issued any more.",
    ),
    "next": Text("今後の流れ", "What happens next"),
    "next_mail": Text(
        "受付のお知らせを、登録されたメールアドレスに送信します。",
        "A confirmation is sent to the email address that you gave.",
    ),
    "next_examined": Text(
        "審査が行われます。追加の資料が必要な場合は、期限とともにメールでお知らせします。",
        "The application is examined. If further documents are needed, you get an email with the deadline.",
    ),
    "next_result": Text(
        "結果をメールでお知らせします。許可された場合は、手数料の納付と在留カードの受取りをご案内します。",
        "You get the result by email. If it is permitted, you are shown how to pay the fee and to receive the card.",
    ),
    "next_certificate": Text(
        "結果をメールでお知らせします。交付が決まった場合は、証明書の受取りをご案内します。",
        "You get the result by email. If the certificate is issued, you are shown how to receive it.",
    ),
    "fee": Text("許可されたときの手数料", "Fee if it is permitted"),
    "fee_lead": Text(
        "受付日の額です。今は支払いません。",
        "The amounts of the day of receipt. Nothing is paid now.",
    ),
    "fee_free": Text("手数料はかかりません。", "There is no fee."),
    "fee_what": Text("手続・許可される在留期間", "Procedure and period of stay granted"),
    "fee_yen": Text("金額", "Amount"),
    "fee_single": Text("1回限り", "single"),
    "fee_multiple": Text("数次", "multiple"),
    "fee_verify": Text(
        "金額は出入国在留管理庁の発表により変わることがあります。",
        "The amounts may change as the Immigration Services Agency announces them.",
    ),
    "yen": Text("{yen}円", "¥{yen}"),
    "declared": Text("申請時の確認事項", "What you declared"),
    "case": Text("この申請の状況を見る", "See how this application proceeds"),
    "withdrawn": Text("この申請は取り下げられています。", "This application has been withdrawn."),
    "terminated": Text(
        "この申請の審査は終止しています。", "The examination of this application has ended without a decision."
    ),
}
