"""The usage registration (利用申出), from its start to its receipt."""

from shared.errors import Text

TEXTS = {
    "title": Text("利用申出の作成", "Usage registration"),
    "start_title": Text("利用申出の開始", "Start a usage registration"),
    "steps": Text("利用申出の手順", "Steps of the usage registration"),
    "step_form": Text("入力", "Form"),
    "step_documents": Text("書類", "Documents"),
    "step_check": Text("確認", "Check"),
    "step_done": Text("完了", "Done"),
    "start_lead": Text(
        "メールアドレスを入力してください。作成ページへのリンクをお送りします。入力内容は保存され、別の端末でも続けられます。",
        "Enter your email address. We will send you a link to the form. Your answers are saved, so you can "
        "continue on any device.",
    ),
    "start_signed_in": Text(
        "ログイン中のアカウントに、機関での利用を追加します。", "This adds an organisation to your account."
    ),
    "start_button": Text("リンクを受け取る", "Send me the link"),
    "start_another": Text("新しく作成する", "Start a new one"),
    "yours": Text("作成中の利用申出", "Your unfinished registrations"),
    "touched": Text("最終更新", "last changed"),
    "sent": Text(
        "リンクをメールでお送りしました。メールのリンクから作成を続けてください。",
        "We sent you a link by email. Open it to continue.",
    ),
    "sent_to": Text("送信先", "Sent to"),
    "sent_from": Text("送信元", "Sent from"),
    "sent_days": Text("リンクの有効期間", "The link works for"),
    "days": Text("{days}日間", "{days} days"),
    "link_sent": Text(
        "そのメールアドレスで作成中の利用申出がある場合、リンクをお送りしました。",
        "If there is an unfinished registration with this address, we sent the link.",
    ),
    "link_lead": Text(
        "利用申出の作成を始めたときのメールアドレスを入力してください。差し戻された利用申出のリンクもお送りします。",
        "Enter the email address you started with. If a registration was returned to you, we will send its link too.",
    ),
    "gone": Text(
        "この端末では利用申出を開けません。メールのリンクをもう一度開くか、リンクの再送を依頼してください。",
        "The registration is not open on this device. Open the link in our email again, or ask us to resend it.",
    ),
    "gone_kept": Text(
        "リンクの有効時間が過ぎたため、保存できませんでした。入力内容はこのブラウザー用に3日間保管しています。"
        "メールのリンクをもう一度開くか、リンクの再送を依頼してください（ログインして作成した場合は、ログインしてください）。"
        "開いたページに入力内容が表示されます。",
        "We could not save it because the link was open for too long. We keep what you typed for 3 days, for this "
        "browser only. Open the link in our email again, or ask us to resend it. If you were signed in when you "
        "started, sign in. The page then shows what you typed.",
    ),
    "restored": Text(
        "保存できなかった入力内容を表示しています。まだ保存されていません。内容を確認し、保存してください。",
        "This is what you typed before. It is not saved yet. Check it and save.",
    ),
    "back_to_choice": Text("利用者区分を選び直す", "Choose another user class"),
    "saved": Text("保存しました。続きは後で入力できます。", "Saved. You can continue later."),
    "saved_with_mistakes": Text(
        "入力されたとおりに保存しました。次の項目は、提出する前に修正してください。",
        "Saved as you typed it. Correct the fields listed above before you submit.",
    ),
    "to_correct": Text("入力内容を確認してください", "Check what you entered"),
    "unsaved": Text("まだ保存されていません。次の項目を修正してください", "Not saved yet. Correct these fields"),
    "kept": Text(
        "入力内容は{day}まで保存されます。内容を更新すると、保存期間が延長されます。",
        "We keep your answers until {day}. Each change extends this.",
    ),
    "mail": Text("連絡先のメールアドレス", "Contact email"),
    "elsewhere": Text("ほかの画面で内容が変更されています", "This registration was changed in another window"),
    "elsewhere_words": Text(
        "ここで入力した内容は、まだ保存されていません。異なる項目ごとに、どちらの内容を使用するかを選択してください。",
        "What you typed here is not saved yet. For each field that differs, choose which version to use.",
    ),
    "all_theirs": Text("すべて保存済みの内容を選択する", "Select the saved version for all"),
    "all_mine": Text("すべてここで入力した内容を選択する", "Select what I typed here for all"),
    "whole_theirs": Text(
        "すべての項目で、保存済みの内容を選択しました。内容を確認し、保存してください。まだ保存されていません。",
        "The saved version is selected for all fields. Check it and save. Nothing is saved yet.",
    ),
    "whole_mine": Text(
        "すべての項目で、ここで入力した内容を選択しました。保存すると、保存済みの内容は上書きされます。まだ保存されていません。",
        "What you typed here is selected for all fields. Saving replaces the saved version. Nothing is saved yet.",
    ),
    "theirs": Text("保存済みの内容", "Saved version"),
    "mine": Text("ここで入力した内容", "Typed here"),
    "nothing": Text("（未入力）", "(empty)"),
    "merge": Text("選択した内容で保存する", "Save the selected versions"),
    "choose_version": Text("どちらの内容を使用するかを選択してください", "Choose which version to use"),
    "role": Text("利用者区分", "User class"),
    "organisation": Text("所属する機関・団体", "Your organisation"),
    "organisation_corporate_number": Text("法人番号", "Corporate number"),
    "organisation_corporate_number_hint": Text("13桁の数字", "13 digits"),
    "organisation_name": Text("機関の名称", "Name of the organisation"),
    "organisation_name_kana": Text("名称のフリガナ", "Name in katakana"),
    "organisation_postal_code": Text("機関の郵便番号", "Postal code of the organisation"),
    "organisation_prefecture": Text("都道府県", "Prefecture"),
    "organisation_address": Text("機関の所在地", "Address of the organisation"),
    "organisation_capital_yen": Text("資本金（円）", "Capital in yen"),
    "organisation_capital_yen_hint": Text(
        "資本金がない場合は「0」と入力してください。例: 10,000,000、1,000万",
        "Enter 0 if there is none. For example 10,000,000",
    ),
    "organisation_employees": Text("従業員数", "Number of employees"),
    "organisation_employees_hint": Text("例: 25", "For example 25"),
    "applicant": Text("利用する方", "Who will use the account"),
    "applicant_name": Text("利用者の氏名", "Your name"),
    "applicant_phone": Text("利用者の電話番号", "Your telephone number"),
    "applicant_department": Text("部署", "Department"),
    "add_row": Text("保存して行を追加する", "Save and add a row"),
    "promises": Text("誓約と同意", "Pledge and terms"),
    "terms_accepted": Text("利用規約に同意します", "I accept the terms of use"),
    "read_terms": Text("利用規約を読む（別のタブで開きます）", "Read the terms of use (opens in a new tab)"),
    "ticked": Text("はい", "Yes"),
    "not_ticked": Text("いいえ", "No"),
    "language": Text("連絡の言語", "Language of our emails"),
    "save": Text("保存して後で続ける", "Save and continue later"),
    "check": Text("保存して書類へ進む", "Save and continue to the documents"),
    "documents": Text("利用申出の書類", "Documents of the usage registration"),
    "documents_lead": Text(
        "PDFファイルをアップロードするか、書面で提出する（窓口又は郵送）ことを選択してください。",
        "Upload each document as a PDF, or choose to submit it on paper, at the counter or by post.",
    ),
    "documents_none": Text(
        "先に利用者区分を選択し、保存してください。", "Choose your user class in the form first, and save."
    ),
    "forms": Text("様式の提出は不要です", "No official forms needed"),
    "forms_lead": Text(
        "利用申出書、誓約書などの様式に記載する事項は、このページまでに入力した内容が代わりになります。"
        "作成済みの様式がある場合は、提出することもできます。",
        "Your answers replace the official forms, such as the usage registration form and the pledge. If you have "
        "already filled in the forms, you can add them.",
    ),
    "file_waiting": Text(
        "受付処理中です。少し待ってからページを読み込み直してください。",
        "The file is being processed. Wait a moment and load the page again.",
    ),
    "on_paper": Text("書面で提出します。", "To be submitted on paper."),
    "on_paper_short": Text("書面で提出", "on paper"),
    "not_paper": Text("書面での提出を取り消す", "Do not submit it on paper"),
    "back": Text("入力内容に戻る", "Back to the form"),
    "verify": Text("不足がないか確認する", "Check whether anything is missing"),
    "complete": Text(
        "不足はありません。内容の確認へ進んでください。", "Nothing is missing. Continue to check your answers."
    ),
    "to_confirm": Text("内容の確認へ進む", "Check your answers"),
    "confirm": Text("提出内容の確認", "Check your answers"),
    "confirm_lead": Text(
        "まだ提出されていません。内容を確認し、正しければ提出してください。印刷して控えにすることもできます。",
        "Nothing is submitted yet. Check your answers, and submit if they are right. You can print this page.",
    ),
    "answers": Text("入力した内容", "Your answers"),
    "documents_list": Text("提出する書類", "Documents"),
    "no_documents": Text("添付する書類はありません。", "No documents."),
    "change": Text("変更する", "Change"),
    "change_documents": Text("書類を変更する", "Change the documents"),
    "submit": Text("提出する", "Submit"),
    "done_title": Text("利用申出を受け付けました", "Your usage registration was received"),
    "done_at": Text("提出日時", "Submitted"),
    "done_status": Text("状況", "Status"),
    "done_office": Text("担当官署", "Office in charge"),
    "office_full": Text("{name}", "{name} Regional Immigration Services Bureau"),
    "done_keep": Text(
        "このページは、メールのリンクから後で開くこともできます。印刷して控えとして保管してください。",
        "You can open this page again with the link in our email. Print it for your records.",
    ),
    "done_next": Text("今後の流れ", "What happens next"),
    "done_paper": Text(
        "次の書類を、受付番号を書き添えて、下の官署の窓口に提出するか、郵送してください。",
        "Submit these documents at the counter of the office below, or send them by post, with the receipt number.",
    ),
    "done_desk": Text("オンライン申請担当", "オンライン申請担当"),
    "done_examined": Text(
        "審査の結果をメールでお知らせします。補正が必要な場合は、補正用のリンクをお送りします。",
        "We will email you the result. If you need to correct something, the email has a link for it.",
    ),
    "done_usual": Text(
        "審査の期間は、通常、書類がそろってから{time}です。",
        "The examination usually takes {time} after all documents have arrived.",
    ),
    "done_estimate": Text(
        "審査の期間は、通常、書類がそろってから{time}です（目安です。公表された期間はありません）。",
        "The examination usually takes {time} after all documents have arrived. This is an estimate: no official "
        "period is published.",
    ),
    "done_look": Text(
        "所在地は変わることがあります。郵送や来庁の前に、出入国在留管理庁のウェブサイトで官署の所在地を確認してください。",
        "Confirm the address of the office on the website of the Immigration Services Agency before you post anything "
        "or go there. It may have changed.",
    ),
    "done_password": Text(
        "承認後、メールのリンクからパスワードを設定すると利用できます。",
        "Once it is approved, set a password with the link in the email to start using the system.",
    ),
    "done_agreed": Text("誓約・同意した版:", "Versions you agreed to:"),
}
