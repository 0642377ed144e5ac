"""Texts of the pages on which a usage registration (利用申出) is begun, written and submitted."""

from shared.errors import Text

TEXTS = {
    "choose": Text("選択してください", "Choose"),
    "mark_required": Text("必須", "Required"),
    "mark_optional": Text("任意", "Optional"),
    "begin_title": Text("利用者登録・利用申出", "Register to use the system"),
    "begin_lead": Text(
        "どなたとして申請するかを選んでください。利用者登録・利用申出は24時間受け付けています。",
        "Choose in which role you will apply. You can register at any hour.",
    ),
    "begin_staff": Text("機関・団体の職員の方", "Staff of organisations"),
    "begin_staff_how": Text(
        "メールアドレスで利用申出を作成し、書類を提出します。審査後、パスワードを設定して利用を始めます。",
        "Fill in a usage registration with your email address and add the documents. After the approval you set a "
        "password.",
    ),
    "begin_persons": Text("個人の方", "Individuals"),
    "begin_persons_how": Text(
        "マイナンバーカードなどの本人確認サービスで本人確認を行い、登録します。パスワードは不要です。",
        "Confirm your identity with an identity provider, such as that of the My Number Card. No password is needed.",
    ),
    "begin_at_once": Text("登録はすぐに完了します。", "The registration is completed at once."),
    "begin_examined": Text(
        "書類を確認し、審査の結果をメールでお知らせします。",
        "We check your documents and send you the result by email.",
    ),
    "draft_title": Text("利用申出の作成", "Usage registration"),
    "draft_begin_title": Text("利用申出の開始", "Start a usage registration"),
    "draft_steps": Text("利用申出の手順", "Steps of the usage registration"),
    "draft_step_form": Text("入力", "Form"),
    "draft_step_documents": Text("書類", "Documents"),
    "draft_step_check": Text("確認", "Check"),
    "draft_step_done": Text("完了", "Done"),
    "draft_begin_lead": Text(
        "メールアドレスを入力してください。作成ページへのリンクをお送りします。入力内容は保存され、別の端末でも続けられます。",
        "Enter your email address. We send you a link to the form. What you enter is saved, and you can continue on "
        "any device.",
    ),
    "draft_begin_signed_in": Text(
        "ログイン中のアカウントに、機関での利用を追加します。", "This adds an organisation to your account."
    ),
    "draft_begin_button": Text("リンクを受け取る", "Send me the link"),
    "draft_begin_another": Text("新しく作成する", "Start a new one"),
    "draft_yours": Text("作成中の利用申出", "Your unfinished registrations"),
    "draft_touched": Text("最終更新", "last changed"),
    "draft_sent": Text(
        "リンクをメールでお送りしました。メールのリンクから作成を続けてください。",
        "We sent you a link by email. Continue with the form at that link.",
    ),
    "draft_sent_to": Text("送信先", "Sent to"),
    "draft_sent_from": Text("送信元", "Sent from"),
    "draft_sent_days": Text("リンクの有効期間", "The link works for"),
    "draft_days": Text("{days}日間", "{days} days"),
    "draft_link_sent": Text(
        "そのメールアドレスで作成中の利用申出がある場合、リンクをお送りしました。",
        "If there is an unfinished registration with this address, we sent the link.",
    ),
    "draft_link_title": Text("リンクの再送", "Have the link sent again"),
    "draft_link_lead": Text(
        "利用申出の作成を始めたときのメールアドレスを入力してください。差し戻された利用申出のリンクもお送りします。",
        "Enter the email address with which you started. We also send the link to a registration that was returned "
        "to you.",
    ),
    "draft_gone": Text(
        "この端末では利用申出を開けません。メールのリンクをもう一度開くか、リンクの再送を依頼してください。",
        "The registration is not open on this device. Open the link in our email again, or have it sent again.",
    ),
    "draft_gone_kept": Text(
        "リンクの有効時間が過ぎたため、保存できませんでした。入力内容はこのブラウザー用に3日間保管しています。"
        "メールのリンクをもう一度開くか、リンクの再送を依頼してください（ログインして作成した場合は、ログインしてください）。"
        "開いたページに入力内容が表示されます。",
        "It could not be saved, because the link had been open for too long. What you typed is kept for this browser "
        "for 3 days. Open the link in our email again, or have it sent again (if you started it signed in, sign in). "
        "The page then shows what you typed.",
    ),
    "draft_restored": Text(
        "保存できなかった入力内容を表示しています。まだ保存されていません。内容を確認し、保存してください。",
        "This is what you typed before. It is not saved yet: check it and save.",
    ),
    "draft_back_to_choice": Text("利用者区分を選び直す", "Choose another user class"),
    "draft_saved": Text("保存しました。続きは後で入力できます。", "Saved. You can continue later."),
    "draft_saved_with_mistakes": Text(
        "入力されたとおりに保存しました。次の項目は、提出する前に修正してください。",
        "Saved as you typed it. Correct the fields listed above before you submit.",
    ),
    "draft_to_correct": Text("入力内容を確認してください", "Please check what you entered"),
    "draft_unsaved": Text("まだ保存されていません。次の項目を修正してください", "Not saved yet. Correct these fields"),
    "draft_kept": Text(
        "入力内容は{day}まで保存されます。内容を更新すると、保存期間が延長されます。",
        "What you enter is kept until {day}, and longer each time you change it.",
    ),
    "draft_mail": Text("連絡先のメールアドレス", "Contact email"),
    "draft_returned": Text("次の点を補正し、再度提出してください", "Correct the following and resubmit"),
    "draft_elsewhere": Text("ほかの画面で内容が変更されています", "This registration was changed in another window"),
    "draft_elsewhere_words": Text(
        "ここで入力した内容は、まだ保存されていません。異なる項目ごとに、どちらの内容を使用するかを選択してください。",
        "What you typed here is not saved yet. For each field that differs, choose which version to use.",
    ),
    "draft_all_theirs": Text("すべて保存済みの内容を選択する", "Select the saved version for all"),
    "draft_all_mine": Text("すべてここで入力した内容を選択する", "Select what I typed here for all"),
    "draft_whole_theirs": Text(
        "すべての項目で、保存済みの内容を選択しました。内容を確認し、保存してください。まだ保存されていません。",
        "The saved version is selected for all fields. Check it and save: nothing is saved yet.",
    ),
    "draft_whole_mine": Text(
        "すべての項目で、ここで入力した内容を選択しました。保存すると、保存済みの内容は上書きされます。まだ保存されていません。",
        "What you typed here is selected for all fields. Saving replaces the saved version: nothing is saved yet.",
    ),
    "draft_theirs": Text("保存済みの内容", "Saved version"),
    "draft_mine": Text("ここで入力した内容", "Typed here"),
    "draft_nothing": Text("（未入力）", "(empty)"),
    "draft_merge": Text("選択した内容で保存する", "Save the selected versions"),
    "draft_choose_version": Text("どちらの内容を使用するかを選択してください", "Choose which version to use"),
    "draft_role": Text("利用者区分", "User class"),
    "draft_organisation": Text("所属する機関・団体", "Your organisation"),
    "draft_organisation_corporate_number": Text("法人番号", "Corporate number"),
    "draft_organisation_corporate_number_hint": Text("13桁の数字", "13 digits"),
    "draft_organisation_name": Text("機関の名称", "Name of the organisation"),
    "draft_organisation_name_kana": Text("名称のフリガナ", "Name in katakana"),
    "draft_organisation_postal_code": Text("機関の郵便番号", "Postal code of the organisation"),
    "draft_organisation_prefecture": Text("都道府県", "Prefecture"),
    "draft_organisation_address": Text("機関の所在地", "Address of the organisation"),
    "draft_organisation_capital_yen": Text("資本金（円）", "Capital in yen"),
    "draft_organisation_capital_yen_hint": Text(
        "資本金がない場合は「0」と入力してください。例: 10,000,000、1,000万",
        "Enter 0 if there is none. For example 10,000,000",
    ),
    "draft_organisation_employees": Text("従業員数", "Number of employees"),
    "draft_organisation_employees_hint": Text("例: 25", "For example 25"),
    "draft_organisation_category": Text("カテゴリー", "Category"),
    "draft_category_name": Text("カテゴリー{number}", "Category {number}"),
    "draft_applicant": Text("利用する方", "Who will use the account"),
    "draft_applicant_name": Text("利用者の氏名", "Your name"),
    "draft_applicant_phone": Text("利用者の電話番号", "Your telephone number"),
    "draft_applicant_department": Text("部署", "Department"),
    "draft_pledged_organisations": Text("誓約書に記載する機関", "Organisations that the pledge covers"),
    "draft_pledged_hint": Text(
        "申請等の取次ぎを依頼している機関をすべて記載してください。空欄の行は保存されません。",
        "Enter every organisation that commissions you. Empty rows are not saved.",
    ),
    "draft_row_number": Text("{number}番目の機関の法人番号", "Corporate number of organisation {number}"),
    "draft_row_name": Text("{number}番目の機関の名称", "Name of organisation {number}"),
    "draft_add_row": Text("保存して行を追加する", "Save and add a row"),
    "draft_promises": Text("誓約と同意", "Pledge and terms"),
    "draft_pledge_accepted": Text("誓約書の内容を遵守することを誓約します", "I make the pledge"),
    "draft_terms_accepted": Text("利用規約に同意します", "I accept the terms of use"),
    "draft_read_pledge": Text("誓約書を読む（別のタブで開きます）", "Read the pledge (opens in a new tab)"),
    "draft_read_terms": Text("利用規約を読む（別のタブで開きます）", "Read the terms of use (opens in a new tab)"),
    "draft_ticked": Text("はい", "Yes"),
    "draft_not_ticked": Text("いいえ", "No"),
    "draft_language": Text("連絡の言語", "Language of our emails"),
    "draft_save": Text("保存して後で続ける", "Save and continue later"),
    "draft_check": Text("保存して書類へ進む", "Save and continue to the documents"),
    "draft_documents": Text("利用申出の書類", "Documents of the usage registration"),
    "draft_documents_lead": Text(
        "PDFファイルをアップロードするか、書面で提出する（窓口又は郵送）ことを選択してください。",
        "Upload each document as a PDF, or choose to submit it on paper, at the counter or by post.",
    ),
    "draft_documents_none": Text(
        "先に利用者区分を選択し、保存してください。", "Choose your user class in the form first, and save."
    ),
    "draft_forms": Text("様式の提出は不要です", "No official forms needed"),
    "draft_forms_lead": Text(
        "利用申出書、誓約書などの様式に記載する事項は、このページまでに入力した内容が代わりになります。"
        "作成済みの様式がある場合は、提出することもできます。",
        "What you typed takes the place of the official forms, such as the usage registration form and the pledge. "
        "If you have filled in the forms already, you may add them.",
    ),
    "draft_forms_open": Text("作成済みの様式を提出する", "Add forms that are already filled in"),
    "draft_document_missing": Text(
        "ファイルをアップロードするか、書面での提出を選択してください",
        "Upload a file, or choose to submit it on paper",
    ),
    "draft_required": Text("必須", "Required"),
    "draft_if": Text("該当する場合", "If applicable"),
    "draft_file": Text("アップロード済みのファイル", "Uploaded file"),
    "draft_file_unnamed": Text("PDFファイル", "PDF file"),
    "draft_pages": Text("{pages}ページ", "pages: {pages}"),
    "draft_file_waiting": Text(
        "受付処理中です。少し待ってからページを読み込み直してください。",
        "The file is being processed. Wait a moment and load the page again.",
    ),
    "draft_on_paper": Text("書面で提出します。", "To be submitted on paper."),
    "draft_on_paper_short": Text("書面で提出", "on paper"),
    "draft_to_paper": Text("書面で提出する", "Submit it on paper"),
    "draft_not_paper": Text("書面での提出を取り消す", "Do not submit it on paper"),
    "draft_remove": Text("ファイルを削除する", "Remove the file"),
    "upload_file": Text("PDFファイル", "PDF file"),
    "upload_hint": Text("25MB以内", "At most 25 MB"),
    "upload_send": Text("アップロードする", "Upload"),
    "upload_choose": Text(
        "ファイルを選択してください（中身のないファイルはアップロードできません）",
        "Choose a file (an empty file cannot be uploaded)",
    ),
    "draft_back": Text("入力内容に戻る", "Back to the form"),
    "draft_verify": Text("不足がないか確認する", "Check whether anything is missing"),
    "draft_complete": Text("不足はありません。内容の確認へ進んでください。", "Nothing is missing. Continue to check."),
    "draft_to_confirm": Text("内容の確認へ進む", "Check your answers"),
    "draft_confirm": Text("提出内容の確認", "Check your answers"),
    "draft_confirm_lead": Text(
        "まだ提出されていません。内容を確認し、正しければ提出してください。印刷して控えにすることもできます。",
        "Nothing is submitted yet. Check your answers, and submit if they are right. You can print this page.",
    ),
    "draft_answers": Text("入力した内容", "Your answers"),
    "draft_documents_list": Text("提出する書類", "Documents"),
    "draft_no_documents": Text("添付する書類はありません。", "No documents."),
    "draft_change": Text("変更する", "Change"),
    "draft_change_documents": Text("書類を変更する", "Change the documents"),
    "draft_submit": Text("提出する", "Submit"),
    "draft_done_title": Text("利用申出を受け付けました", "Your usage registration was received"),
    "draft_done_number": Text("受付番号", "Receipt number"),
    "draft_done_at": Text("提出日時", "Submitted"),
    "draft_done_status": Text("状況", "Status"),
    "draft_done_office": Text("担当官署", "Office in charge"),
    "office_full": Text("{name}", "{name} Regional Immigration Services Bureau"),
    "draft_done_keep": Text(
        "このページは、メールのリンクから後で開くこともできます。印刷して控えとして保管してください。",
        "You can open this page again with the link in our email. Print it for your records.",
    ),
    "draft_done_next": Text("今後の流れ", "What happens next"),
    "draft_done_paper": Text(
        "次の書類を、受付番号を書き添えて、下の官署の窓口に提出するか、郵送してください。",
        "Submit these documents at the counter of the office below, or send them by post, with the receipt number.",
    ),
    "draft_done_desk": Text("オンライン申請担当", "オンライン申請担当"),
    "draft_done_examined": Text(
        "審査の結果をメールでお知らせします。補正が必要な場合は、補正用のリンクをお送りします。",
        "You receive the result by email. If something has to be corrected, the email has a link for it.",
    ),
    "draft_done_usual": Text(
        "審査の期間は、通常、書類がそろってから{time}です。",
        "The examination usually takes {time} after all documents have arrived.",
    ),
    "draft_done_estimate": Text(
        "審査の期間は、通常、書類がそろってから{time}です（目安です。公表された期間はありません）。",
        "The examination usually takes {time} after all documents have arrived. This is an estimate: no official "
        "period is published.",
    ),
    "draft_done_look": Text(
        "所在地は変わることがあります。郵送や来庁の前に、出入国在留管理庁のウェブサイトで官署の所在地を確認してください。",
        "Confirm the address of the office on the website of the Immigration Services Agency before you post anything "
        "or go there. It may have changed.",
    ),
    "draft_done_password": Text(
        "承認後、メールのリンクからパスワードを設定すると利用できます。",
        "After the approval, set a password with the link in the email to start using the system.",
    ),
    "draft_done_agreed": Text("誓約・同意した版:", "Versions you agreed to:"),
    "draft_need_email": Text("メールアドレスを入力してください", "Enter your email address"),
    "draft_need_role": Text("利用者区分を選択してください", "Choose your user class"),
    "draft_need_organisation_corporate_number": Text("法人番号を入力してください", "Enter the corporate number"),
    "draft_need_organisation_name": Text("機関の名称を入力してください", "Enter the name of the organisation"),
    "draft_need_organisation_postal_code": Text("郵便番号を入力してください", "Enter the postal code"),
    "draft_need_organisation_prefecture": Text("都道府県を選択してください", "Choose a prefecture"),
    "draft_need_organisation_address": Text("所在地を入力してください", "Enter the address"),
    "draft_need_organisation_capital_yen": Text(
        "資本金を数字で入力してください（ない場合は「0」）", "Enter the capital as a number (0 if there is none)"
    ),
    "draft_need_organisation_employees": Text("従業員数を数字で入力してください", "Enter the number of employees"),
    "draft_need_organisation_category": Text("カテゴリーを選択してください", "Choose a category"),
    "draft_need_applicant_name": Text("氏名を入力してください", "Enter your name"),
    "draft_need_applicant_phone": Text("電話番号を入力してください", "Enter your telephone number"),
    "draft_need_pledged_organisations_corporate_number": Text(
        "法人番号を入力してください", "Enter the corporate number"
    ),
    "draft_need_pledged_organisations_name": Text("機関の名称を入力してください", "Enter the name of the organisation"),
    "draft_need_pledge_accepted": Text(
        "誓約書の内容を確認し、チェックを入れてください", "Read the pledge and tick the box"
    ),
    "draft_need_terms_accepted": Text(
        "利用規約の内容を確認し、チェックを入れてください", "Read the terms of use and tick the box"
    ),
}
