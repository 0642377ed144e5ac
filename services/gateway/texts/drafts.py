"""What the pages say on which a usage registration (利用申出) is begun, written and handed in."""

from shared.errors import Text

TEXTS = {
    "choose": Text("選んでください", "Choose"),
    "begin_title": Text("利用者登録・利用申出", "Register to use the system"),
    "begin_lead": Text(
        "どなたとして申請するかを選んでください。手続はすべてオンラインで、いつでもできます。",
        "Choose as whom you will file. Everything is done online, at any hour.",
    ),
    "begin_staff": Text("機関・団体の職員の方", "Staff of organisations"),
    "begin_staff_how": Text(
        "メールアドレスで利用申出を作成し、書類を提出します。審査後、パスワードを設定して利用を始めます。",
        "Write a usage registration with your mail address and hand in documents. After the approval you set a "
        "password.",
    ),
    "begin_persons": Text("個人の方", "Persons"),
    "begin_persons_how": Text(
        "マイナンバーカードなどの本人確認サービスで本人確認を行い、登録します。パスワードは不要です。",
        "Prove who you are with an identity provider, such as that of the My Number card. No password is needed.",
    ),
    "begin_at_once": Text("登録はすぐに完了します。", "You are registered at once."),
    "begin_examined": Text("書類を確認し、審査の結果をメールでお知らせします。", "You get the result by mail."),
    "draft_title": Text("利用申出の作成", "Usage registration"),
    "draft_begin_lead": Text(
        "メールアドレスを入力してください。作成ページへのリンクをお送りします。入力内容は保存され、別の端末でも続けられます。",
        "Give your mail address: we send a link to the form. What you enter is kept, and you can go on with it on any "
        "device.",
    ),
    "draft_begin_signed_in": Text(
        "サインイン中のアカウントに、機関での利用を追加します。", "This adds an organisation to your account."
    ),
    "draft_begin_button": Text("リンクを受け取る", "Send me the link"),
    "draft_begin_another": Text("新しく作成する", "Begin a new one"),
    "draft_yours": Text("作成中の利用申出", "What you have begun"),
    "draft_touched": Text("最終更新", "last changed"),
    "draft_sent": Text(
        "リンクをメールでお送りしました。メールのリンクから作成を続けてください。",
        "We sent a link by mail. Go on with the form at that link.",
    ),
    "draft_link_sent": Text(
        "そのメールアドレスで作成中の利用申出がある場合、リンクをお送りしました。",
        "If something was begun with this address, we sent the link.",
    ),
    "draft_link_title": Text("リンクの再送", "Have the link sent again"),
    "draft_link_lead": Text(
        "利用申出の作成を始めたときのメールアドレスを入力してください。差し戻された利用申出のリンクもお送りします。",
        "Give the mail address with which it was begun. You also get the link to what was returned to you.",
    ),
    "draft_gone": Text(
        "この端末では利用申出を開けません。メールのリンクをもう一度開くか、リンクの再送を依頼してください。",
        "It is not open on this device. Open the link in our mail again, or have it sent again.",
    ),
    "draft_back_to_choice": Text("利用者区分を選び直す", "Choose another user class"),
    "draft_saved": Text("保存しました。このページは後で続けられます。", "Saved. You can go on with it later."),
    "draft_kept": Text(
        "入力内容は{day}まで保存されます。変更すると延長されます。",
        "What you enter is kept until {day}, and longer each time you change it.",
    ),
    "draft_mail": Text("連絡先のメールアドレス", "All mail goes to"),
    "draft_returned": Text("次の点を直して、もう一度提出してください", "Mend this and hand it in again"),
    "draft_elsewhere": Text("別の端末で変更されました", "It was changed on another device"),
    "draft_elsewhere_words": Text(
        "この内容は保存されていません。どちらを残すかを選んでください。",
        "What stands here is not saved. Choose which of the two to keep.",
    ),
    "draft_other": Text(
        "別の端末の内容を読み込む（ここで入力した内容は失われます）",
        "Load the other version (what you typed here is lost)",
    ),
    "draft_over": Text("この内容で上書き保存する", "Save mine over it"),
    "draft_role": Text("利用者区分", "User class"),
    "draft_organisation": Text("所属する機関・団体", "Your organisation"),
    "draft_organisation_corporate_number": Text("法人番号", "Corporate number"),
    "draft_organisation_corporate_number_hint": Text("13桁の数字", "13 digits"),
    "draft_organisation_name": Text("機関の名称", "Name of the organisation"),
    "draft_organisation_name_kana": Text("名称のフリガナ（任意）", "Name in kana (optional)"),
    "draft_organisation_postal_code": Text("機関の郵便番号", "Postal code of the organisation"),
    "draft_organisation_prefecture": Text("都道府県", "Prefecture"),
    "draft_organisation_address": Text("機関の所在地", "Address of the organisation"),
    "draft_organisation_capital_yen": Text("資本金（円）", "Capital in yen"),
    "draft_organisation_capital_yen_hint": Text("資本金がない場合は0", "0 where there is none"),
    "draft_organisation_employees": Text("従業員数", "Number of employees"),
    "draft_organisation_category": Text("カテゴリー", "Category"),
    "draft_category_name": Text("カテゴリー{number}", "Category {number}"),
    "draft_applicant": Text("利用する方", "Who will use the account"),
    "draft_applicant_name": Text("利用者の氏名", "Your name"),
    "draft_applicant_phone": Text("利用者の電話番号", "Your telephone number"),
    "draft_applicant_department": Text("部署（任意）", "Department (optional)"),
    "draft_pledged_organisations": Text("誓約書に記載する機関", "Organisations that the pledge covers"),
    "draft_pledged_hint": Text(
        "申請等の取次ぎを依頼している機関をすべて記載してください。空欄の行は保存されません。",
        "Name every organisation that commissions you. Empty rows are not saved.",
    ),
    "draft_row": Text("機関", "Organisation"),
    "draft_row_number": Text("{number}番目の機関の法人番号", "Corporate number of organisation {number}"),
    "draft_row_name": Text("{number}番目の機関の名称", "Name of organisation {number}"),
    "draft_add_row": Text("保存して行を追加する", "Save and add a row"),
    "draft_promises": Text("誓約と同意", "Pledge and terms"),
    "draft_pledge_accepted": Text("誓約書の内容を守ることを誓約します", "I make the pledge"),
    "draft_terms_accepted": Text("利用規約に同意します", "I accept the terms of use"),
    "draft_language": Text("連絡の言語", "Language of our mails"),
    "draft_save": Text("保存して後で続ける", "Save and go on later"),
    "draft_check": Text("保存して書類へ進む", "Save and go on to the documents"),
    "draft_number": Text("数字で入力してください", "Give a number"),
    "draft_documents": Text("利用申出の書類", "Documents of the usage registration"),
    "draft_documents_lead": Text(
        "PDFファイルを提出するか、書面で提出する（窓口又は郵送）ことを選んでください。",
        "Send a PDF, or say that you hand it in on paper, at the counter or by post.",
    ),
    "draft_documents_none": Text(
        "先に利用者区分を選び、保存してください。", "Choose your user class in the form first, and save."
    ),
    "draft_document_missing": Text(
        "ファイルを提出するか、書面での提出を選んでください", "Send a file, or say that it comes on paper"
    ),
    "draft_required": Text("必要", "needed"),
    "draft_if": Text("該当する場合", "where it applies"),
    "draft_file": Text("提出済みのファイル", "File"),
    "draft_pages": Text("{pages}ページ", "pages: {pages}"),
    "draft_file_waiting": Text(
        "受付処理中です。少し待ってからページを読み込み直してください。",
        "It is being taken in. Wait a moment and load the page again.",
    ),
    "draft_on_paper": Text("書面で提出します。", "It comes on paper."),
    "draft_to_paper": Text("書面で提出する", "I hand it in on paper"),
    "draft_not_paper": Text("書面での提出を取り消す", "Not on paper"),
    "draft_remove": Text("ファイルを削除する", "Remove the file"),
    "upload_file": Text("PDFファイル", "PDF file"),
    "upload_hint": Text("25MB以内", "at most 25 MB"),
    "upload_send": Text("ファイルを送る", "Send the file"),
    "draft_back": Text("入力内容に戻る", "Back to the form"),
    "draft_verify": Text("不足がないか確認する", "Check whether anything is missing"),
    "draft_complete": Text("不足はありません。提出できます。", "Nothing is missing. You can hand it in."),
    "draft_submit": Text("提出する", "Hand it in"),
    "draft_done_title": Text("利用申出を受け付けました", "Your usage registration was received"),
    "draft_done_number": Text("受付番号", "Receipt number"),
    "draft_done_next": Text("今後の流れ", "What happens next"),
    "draft_done_paper": Text(
        "書面で提出する書類がある場合は、受付番号を書き添えて、機関の所在地を管轄する地方出入国在留管理官署に提出してください。",
        "Hand in what comes on paper at the regional immigration office of your organisation, with the receipt number.",
    ),
    "draft_done_examined": Text(
        "審査の結果をメールでお知らせします。直していただく点がある場合は、そのためのリンクをお送りします。",
        "You get the result by mail. If something has to be mended, the mail has a link for it.",
    ),
    "draft_done_password": Text(
        "承認後、メールのリンクからパスワードを設定すると利用できます。",
        "Once it is approved, set a password with the link in the mail, and begin.",
    ),
}
