"""Pages of an application that was filed."""

from shared.errors import Text

TEXTS = {
    "mine": Text("申請の一覧", "Your applications"),
    "receipt_number": Text("受付番号", "Receipt number"),
    "applicant": Text("申請人", "Applicant"),
    "procedure": Text("手続", "Procedure"),
    "status_of_residence": Text("在留資格", "Status of residence"),
    "received_at": Text("受付日時", "Received"),
    "office": Text("担当の官署", "Office in charge"),
    "special_period": Text("特例期間の末日", "End of the special period"),
    "special_period_hint": Text(
        "在留期間の満了日後も、この日時まで又は審査の結果が出るまで、現在の在留資格で在留できます。",
        "After the end of your stay your present status still holds until this moment, or until the decision.",
    ),
    "notify": Text("お知らせの宛先", "News goes to"),
    "address": Text("住居地", "Address"),
    "language_ja": Text("日本語", "Japanese"),
    "language_en": Text("英語", "English"),
    # What has to be done now.
    "now": Text("必要な手続", "What to do now"),
    "now_documents": Text(
        "審査のため、追加の資料が必要です。{day}までに提出してください。",
        "We need more documents to examine the application. Submit them by {day}.",
    ),
    "now_overdue": Text(
        "追加の資料の提出期限（{day}）を過ぎています。まだ提出できます。至急提出してください。",
        "The documents were due on {day}. You can still submit them: do so now.",
    ),
    "now_documents_go": Text("資料を提出する", "Submit the documents"),
    "now_granted": Text(
        "許可されました。手数料の納付と、現在の在留カード等の送付が必要です。",
        "Permission is granted. Pay the fee, and send the present residence card.",
    ),
    "now_granted_go": Text("納付と送付の方法を見る", "How to pay and what to send"),
    "now_sent": Text(
        "送付したものが届くのを待っています。届いてから1～2週間程度で新しい在留カードを発送します。",
        "We are waiting for what you sent. The new card is posted about one to two weeks after it arrives.",
    ),
    "now_certificate": Text(
        "審査が完了しました。証明書の受取方法を確認してください。",
        "The examination is complete. See how you receive the certificate.",
    ),
    "now_certificate_go": Text("証明書の受取方法を見る", "How you receive the certificate"),
    "now_refused": Text(
        "申請は認められませんでした。理由の確認方法と、今後の手続を確認してください。",
        "The application was not permitted. See how to ask for the reasons, and what you can do next.",
    ),
    "now_refused_go": Text("理由の確認と今後の手続を見る", "Reasons and next steps"),
    "now_waiting": Text(
        "申し出た訂正を審査担当が確認しています。回答はメールでお知らせします。",
        "The examiner is looking at the correction that you asked for. The answer comes by email.",
    ),
    "now_interview": Text(
        "事情聴取等の案内を送付しました。メールの内容を確認してください。",
        "You are invited to an interview: read the email.",
    ),
    "now_nothing": Text(
        "現在、必要な手続はありません。結果が出たらお知らせします。", "Nothing to do now. We inform you of the result."
    ),
    # How long it takes.
    "expectation": Text("審査にかかる期間の目安", "How long it takes"),
    "expectation_days": Text("{days}日", "{days} days"),
    "expectation_waiting": Text("受付日からの経過日数：{days}日", "Days since it was received: {days}"),
    "expectation_until": Text("{text}（{day}まで）", "{text} (until {day})"),
    "expectation_month": Text("{month}の許可", "grants of {month}"),
    "expectation_measured": Text("{count}件の決定。{day}に計算", "{count} decisions, measured on {day}"),
    "expectation_note": Text(
        "資料の提出を待つ期間等により、これより長くなることがあります。",
        "It can take longer, for example while we wait for documents.",
    ),
    # Timeline and links.
    "timeline": Text("これまでの経過", "What has happened"),
    "detail_due": Text("提出期限：{day}", "Due on {day}"),
    "detail_tracking": Text("追跡番号：{number}", "Tracking number {number}"),
    "detail_held": Text("日時：{moment}", "On {moment}"),
    "detail_visit": Text("受取期限：{day}", "Collect it by {day}"),
    "outcome_granted": Text("許可・交付", "Granted"),
    "outcome_refused": Text("不許可・不交付", "Refused"),
    "outcome_not_accepted": Text("不受理", "Not accepted"),
    "actions": Text("この申請についての手続", "What you can do with this application"),
    "go_receipt": Text("受付票・受付証明書", "Receipt and proof of the pending application"),
    "go_receipt_hint": Text("勤務先や銀行等に示す証明書", "For an employer, a bank, or the police"),
    "go_correction": Text("申請内容を訂正する", "Correct the application"),
    "go_correction_hint": Text(
        "審査の開始前はすぐに訂正できます。開始後は審査担当の確認が必要です。",
        "At once before the examination begins; afterwards the examiner has to agree.",
    ),
    "go_corrections": Text("訂正の履歴を見る", "See what was corrected"),
    "go_contact": Text("連絡先・住居地を変更する", "Change contact details or address"),
    "go_contact_hint": Text(
        "お知らせのメールアドレスと言語、転居後の住居地", "Email and language of news, and the address after a move"
    ),
    "go_withdrawal": Text("申請を取り下げる", "Withdraw the application"),
    "go_withdrawal_hint": Text("取り下げると元に戻せません。", "This cannot be undone."),
    "go_documents": Text("提出した追加資料を見る", "See the additional documents"),
    "go_after_grant": Text("許可後の手続を見る", "Steps after the decision"),
    "others": Text("同じ申請人の他の申請", "Other applications of the same person"),
    "others_lead": Text(
        "取り違えないよう、受付番号と手続を確認してください。",
        "Look at receipt number and procedure, so that they are not mixed up.",
    ),
    "other_draft": Text("下書き", "Draft"),
    "back": Text("申請のページに戻る", "Back to the application"),
    # What was just done.
    "done_filed": Text("申請を受け付けました。", "The application was submitted."),
    "done_withdrawn": Text("申請を取り下げました。", "The application is withdrawn."),
    "done_contact": Text("連絡先を変更しました。", "The contact details are changed."),
    "done_address": Text(
        "住居地の変更を受け付けました。受付番号は変わりません。",
        "The change of address is recorded. The receipt number stays the same.",
    ),
    "done_documents": Text("追加の資料を提出しました。", "The additional documents are submitted."),
    "done_corrected": Text("申請内容を訂正しました。", "The application is corrected."),
    "done_asked": Text(
        "訂正を申し出ました。審査担当が確認し、メールで回答します。",
        "The correction is sent to the examiner. The answer comes by email.",
    ),
    "done_sent": Text("発送を登録しました。", "The dispatch is recorded."),
    # Withdrawal.
    "withdraw_title": Text("申請の取下げ", "Withdraw the application"),
    "withdraw_what": Text("取り下げるとどうなりますか", "What happens"),
    "withdraw_ends": Text(
        "審査は終了し、結果は出ません。取り下げた後に元に戻すことはできません。",
        "The examination ends without a result. You cannot undo it.",
    ),
    "withdraw_special": Text(
        "特例期間は、取下げと同時に終了します。在留期間の満了日（{day}）を過ぎている場合は、在留できなくなります。"
        "取り下げる前に、担当の官署に相談してください。",
        "The special period ends at that moment. If your stay has ended ({day}), you may "
        "not stay in Japan any more: ask "
        "the office in charge first.",
    ),
    "withdraw_again": Text(
        "必要な場合は、新たに申請してください。受付日と受付番号は新しくなります。",
        "File a new application where you need one. It has another day of receipt and another number.",
    ),
    "withdraw_fee": Text("手数料はかかりません。", "It costs nothing."),
    "withdraw_reason": Text("取下げの理由", "Reason"),
    "withdraw_reason_example": Text("退職のため", "the employment ended"),
    "withdraw_confirm": Text("上記を確認し、この申請を取り下げます", "I have read this and withdraw the application"),
    "withdraw_need_confirm": Text(
        "取り下げる場合は、確認欄にチェックを入れてください", "Tick the box to withdraw the application"
    ),
    "withdraw_need_reason": Text("取下げの理由を入力してください", "Enter the reason"),
    "withdraw_go": Text("取り下げる", "Withdraw"),
    "withdraw_not": Text("取り下げずに戻る", "Keep the application"),
    # Contact and address.
    "contact_title": Text("連絡先・住居地の変更", "Change contact details or address"),
    "contact_part": Text("お知らせの連絡先", "Where news is sent"),
    "contact_lead": Text(
        "この申請の進捗をお知らせする申請人のメールアドレスと言語です。アカウントの連絡先は変わりません。",
        "The applicant's email address and language for news of this application. The account's own stay the same.",
    ),
    "contact_email": Text("メールアドレス", "Email address"),
    "contact_language": Text("言語", "Language"),
    "contact_go": Text("連絡先を変更する", "Change the contact details"),
    "address_part": Text("転居後の住居地", "Address after a move"),
    "address_lead": Text(
        "転居した、又は転居する場合に届け出てください。市区町村への転入・転居の届出（14日以内）は、別に必要です。",
        "Record a move here. Report it to the city, town or village office as well, within 14 days of moving.",
    ),
    "address_office": Text(
        "別の都道府県への転居では、担当の官署が変わることがあります。受付番号は変わりません。",
        "Another office may be in charge after a move to another prefecture. The receipt number stays the same.",
    ),
    "address_postal": Text("郵便番号", "Postal code"),
    "address_new": Text("新しい住居地（都道府県から）", "New address, beginning with the prefecture"),
    "address_from": Text("転居日", "Lives there from"),
    "address_go": Text("住居地の変更を届け出る", "Record the change of address"),
    "address_known": Text("届け出た住居地", "Recorded addresses"),
    "address_filed": Text("申請時", "as filed"),
    "address_since": Text("{day}から", "from {day}"),
    # Requested documents.
    "requested_title": Text("追加資料の提出", "Submit additional documents"),
    "requested_none": Text("現在、求められている資料はありません。", "No documents are requested now."),
    "requested_due": Text("提出期限：{day}（あと{days}日）", "Due on {day} ({days} days left)"),
    "requested_overdue": Text(
        "提出期限（{day}）を過ぎています。審査が続いている間は提出できます。至急提出してください。",
        "They were due on {day}. You can submit them while the examination goes on: do so now.",
    ),
    "requested_lead": Text(
        "資料ごとに、ファイルを添付するか、提出できない理由を入力してください。入力した内容は保存され、"
        "すべてそろってから提出します。審査担当からの説明は、資料提出通知のメールに記載されています。",
        "For each document attach a file, or say why you cannot submit it. Everything is "
        "kept, and submitted when all is "
        "there. The officer's explanations are in the email that asked for them.",
    ),
    "requested_items": Text("求められている資料", "Documents that are requested"),
    "requested_item": Text("資料{number}", "Document {number}"),
    "requested_other": Text("通知に記載された資料（{code}）", "As described in the notice ({code})"),
    "requested_answered": Text("回答済み", "Answered"),
    "requested_open": Text("未回答", "Not answered"),
    "requested_why": Text("提出できない理由", "Why you cannot submit it"),
    "requested_why_open": Text("提出できない場合", "If you cannot submit it"),
    "requested_need_reason": Text("提出できない理由を入力してください", "Enter why you cannot submit it"),
    "requested_why_save": Text("理由を保存する", "Save the reason"),
    "requested_why_clear": Text("理由を取り消す", "Remove the reason"),
    "requested_saved": Text("保存しました。", "Saved."),
    "requested_removed": Text("ファイルを外しました。", "The file is removed."),
    "requested_submit": Text("まとめて提出する", "Submit all of it"),
    "requested_submit_lead": Text(
        "提出すると変更できません。あと{open}件の回答が必要です。",
        "You cannot change it after submitting. {open} of them still need an answer.",
    ),
    "requested_submit_ready": Text(
        "すべて回答済みです。提出すると変更できません。", "All are answered. You cannot change it after submitting."
    ),
    "requested_before": Text("提出した資料", "Submitted before"),
    "requested_sent": Text("{moment}に提出", "Submitted {moment}"),
    "requested_not": Text("提出できない理由：", "Not submitted: "),
    # After the decision.
    "after_card": Text("新しい在留カードを受け取るまで", "Until you have the new residence card"),
    "after_certificate": Text("証明書の受取り", "Receiving the certificate"),
    "after_refused": Text("申請が認められなかった場合", "If the application was not permitted"),
    "after_step_fee": Text("1. 手数料を納付する", "1. Pay the fee"),
    "after_step_send": Text("2. 次のものを送る", "2. Send these things"),
    "after_step_record": Text("3. 発送を登録する", "3. Record the dispatch"),
    "after_fee": Text("手数料", "Fee"),
    "after_yen": Text("{yen}円", "{yen} yen"),
    "after_free": Text("無料", "Free"),
    "after_paid": Text("納付を確認しました", "Received"),
    "after_way": Text("納付の方法", "How to pay"),
    "after_charge": Text("納付にかかる費用：{yen}円", "Charge for this way: {yen} yen"),
    "after_no_charge": Text("納付にかかる費用：なし", "Charge for this way: none"),
    "after_to": Text("送付先", "Send to"),
    "after_verify": Text(
        "送付先は、審査完了のお知らせに記載された住所と必ず照合してください。",
        "Compare the address with the one in the notice of the decision before you send anything.",
    ),
    "after_passport": Text(
        "旅券は送らないでください。手元に保管してください。", "Never send the passport. Keep it with you."
    ),
    "after_track": Text(
        "追跡できる方法（レターパックプラス、書留等）で送ってください。",
        "Send it by a tracked service such as Letter Pack Plus or registered post.",
    ),
    "after_labels": Text("宛名ラベルとチェックリストを印刷する", "Print the labels and the checklist"),
    "after_received": Text("在留カード等を受け取りました。", "The old card and the envelope have arrived."),
    "after_sent": Text("発送を登録済みです。", "The dispatch is recorded."),
    "sent_carrier": Text("発送の方法", "Sent by"),
    "sent_tracking": Text("追跡番号", "Tracking number"),
    "sent_reference": Text("納付の整理番号（ある場合）", "Reference of the payment, if there is one"),
    "sent_enclosed": Text("現在の在留カードを同封しました", "The present residence card is enclosed"),
    "sent_go": Text("発送を登録する", "Record the dispatch"),
    "carrier_letter_pack_plus": Text("レターパックプラス", "Letter Pack Plus"),
    "carrier_letter_pack_light": Text("レターパックライト", "Letter Pack Light"),
    "carrier_simplified_registered_mail": Text("簡易書留", "Simplified registered post"),
    "carrier_registered_mail": Text("書留", "Registered post"),
    "certificate_email": Text(
        "在留資格認定証明書は、メールで送られます。メールは海外の申請人に転送でき、スマートフォンの画面を査証申請と"
        "上陸の際に提示できます。受け取ったら、メールの案内に従って受領を登録してください。",
        "The certificate comes by email. You can forward the email to the applicant "
        "abroad, who shows it on a phone for the "
        "visa and at landing. Confirm that you received it as the email says.",
    ),
    "certificate_post": Text(
        "証明書は、郵送で送られます。発送後に追跡番号をお知らせします。",
        "The certificate comes by post. You are informed of the tracking number.",
    ),
    "certificate_counter": Text(
        "証明書は、次の官署の窓口で受け取ってください。旅券又は在留カードと、受付番号を控えたものをお持ちください。",
        "Collect the certificate at the counter of this office. Bring the passport or "
        "residence card, and the receipt number.",
    ),
    "certificate_other": Text(
        "証明書の受取方法は、審査完了のお知らせに記載されています。",
        "The notice of the decision says how you receive the certificate.",
    ),
    "refused_reasons": Text("理由の説明を受ける", "Ask for the reasons"),
    "refused_reasons_text": Text(
        "担当の官署の窓口で、不許可・不交付となった理由の説明を受けられます。通常は1回です。申請の控えをお持ちください。",
        "The office in charge explains the reasons at its counter, as a rule once. Bring a copy of the application.",
    ),
    "refused_again": Text("改めて申請する", "Apply again"),
    "refused_again_text": Text(
        "理由が解消できる場合は、資料を補って改めて申請できます。在留期間の満了日が近い、又は過ぎている場合は、"
        "直ちに担当の官署に相談してください。",
        "Where the reasons can be removed, you can apply again with better documents. If "
        "your stay is about to end or has "
        "ended, talk to the office in charge at once.",
    ),
    "refused_help": Text("相談する", "Get advice"),
    "refused_help_text": Text(
        "弁護士、行政書士等の専門家や、外国人在留総合インフォメーションセンターに相談できます。",
        "A lawyer or administrative scrivener can advise you, and so can the Immigration Information Center.",
    ),
    "not_accepted_text": Text(
        "申請は受理されませんでした。理由を確認し、必要な場合は改めて申請してください。",
        "The application was not accepted. Look at the reason, and apply again where you need to.",
    ),
    # Labels.
    "labels_title": Text("宛名ラベルとチェックリスト", "Labels and checklist"),
    "labels_cut": Text("切り取って、封筒に貼ってください。", "Cut out and stick on the envelope."),
    "labels_to": Text("送付先ラベル", "Label: to the card office"),
    "labels_back": Text("返信用封筒ラベル", "Label: return envelope"),
    "labels_check": Text("チェックリスト", "Checklist"),
    "labels_check_lead": Text("封をする前に確認してください。", "Check before you seal the envelope."),
    "labels_copy": Text("在留カードの控えを取った", "A copy of the residence card is made"),
    "labels_number": Text("封筒の裏に受付番号を書いた", "The receipt number is on the back of the envelope"),
    # Corrections.
    "correct_title": Text("申請内容の訂正", "Correct the application"),
    "correct_freely": Text(
        "審査はまだ始まっていません。訂正はすぐに反映されます。",
        "The examination has not begun. A correction takes effect at once.",
    ),
    "correct_asked": Text(
        "審査が始まっているため、訂正には審査担当の確認が必要です。確認されるまで、申請内容は変わりません。",
        "The examination has begun: the examiner has to agree. Until then nothing changes.",
    ),
    "correct_choose": Text("訂正する部分を選んでください", "Choose the part to correct"),
    "correct_never": Text(
        "手続の種類、在留資格、受付日は訂正できません。申請人を別の方に変更することもできません。"
        "これらが誤っている場合は、申請を取り下げて、新たに申請してください。",
        "Procedure, status of residence and day of receipt cannot be corrected, and "
        "neither can the applicant become another "
        "person. Withdraw the application and file a new one.",
    ),
    "correct_reason": Text("訂正の理由", "Reason for the correction"),
    "correct_reason_example": Text("入力を誤ったため", "a mistake in typing"),
    "correct_need_reason": Text("訂正の理由を入力してください", "Enter the reason for the correction"),
    "correct_check": Text("訂正の内容を確認する", "Look at the changes"),
    "correct_confirm_title": Text("訂正の内容の確認", "Check the correction"),
    "correct_nothing": Text("変更された項目がありません。", "Nothing was changed."),
    "correct_go": Text("訂正する", "Make the correction"),
    "correct_ask": Text("訂正を申し出る", "Ask for the correction"),
    "correct_edit": Text("入力に戻る", "Go back and change"),
    "correct_back": Text("訂正の一覧に戻る", "Back to corrections"),
    "correct_item": Text("項目", "Field"),
    "correct_before": Text("訂正前", "Before"),
    "correct_after": Text("訂正後", "After"),
    "correct_empty": Text("（空欄）", "(empty)"),
    "correct_history": Text("訂正の履歴", "Corrections"),
    "correct_state_corrected": Text("訂正済み", "Corrected"),
    "correct_state_waiting": Text("確認中", "Waiting for the examiner"),
    "correct_state_declined": Text("認められませんでした", "Declined"),
    "correct_state_lapsed": Text("審査の終了により失効", "Ended with the examination"),
    "correct_changed_since": Text(
        "この申請は、他の方が先に変更しました。現在の内容を確認してから、もう一度訂正してください。",
        "Somebody else changed this application first. Look at it as it is now, and correct it again.",
    ),
}
