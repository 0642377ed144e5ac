"""A draft: its overview, topics, photo, documents, contact, review and submission."""

from shared.errors import Text

TEXTS = {
    "procedure": Text("手続", "Procedure"),
    "see_everything": Text("入力した内容をまとめて見る", "See everything that is entered"),
    "documents_wanted": Text("求められる書類", "Documents that are asked for"),
    "document_add": Text("この書類を送信する", "Send this document"),
    "applicant": Text("申請人", "Applicant"),
    "status": Text("在留資格", "Status of residence"),
    "together": Text("同時に申請する手続", "Filed together"),
    "last_saved": Text("最終保存", "Last saved"),
    "progress": Text("全{all}項目中{done}項目が完了", "{done} of {all} parts finished"),
    "tasks": Text("入力する項目", "What to fill in"),
    "continue": Text("続きを入力する", "Continue"),
    "to_review": Text("内容を確認して申請する", "Check everything and submit"),
    "problems_title": Text("申請までに必要なこと（{number}件）", "Left to do before you can submit ({number})"),
    "rules_title": Text("このままでは申請できません", "It cannot be submitted as it is"),
    "complete": Text(
        "すべて入力されています。内容を確認して申請できます。", "Everything is filled in. Check it, then submit."
    ),
    "started": Text(
        "下書きを作成しました。入力した内容は保存され、後から続けることができます。",
        "The draft was started. What you enter is kept, and you can go on later.",
    ),
    "copied": Text(
        "以前の申請の内容を引き継いで、下書きを作成しました。",
        "The draft was started with answers of the earlier application.",
    ),
    "left_out": Text("引き継がなかった内容", "What was not taken over"),
    "selected": Text(
        "申請の種類を変更しました。ほかの様式で使わない内容も保存されています。",
        "The procedure was changed. Answers that this form does not ask are kept for the one that does.",
    ),
    "renewed": Text(
        "新しい様式に切り替えました。入力した内容は引き継がれています。",
        "The draft has the new form now, with everything that was entered.",
    ),
    "newer_title": Text("新しい様式があります", "There is a newer form"),
    "newer_lead": Text(
        "この下書きは以前の様式で作成されています。切り替えても、入力した内容は失われません。",
        "This draft was begun in an older form. Nothing that was entered is lost when you change to the new one.",
    ),
    "newer_button": Text("新しい様式に切り替える", "Change to the new form"),
    "selection_title": Text("手続や在留資格を変更する", "Change procedure or status"),
    "selection_lead": Text(
        "入力した内容は失われません。新しい様式で使わない内容は別に保存され、元に戻すと再び表示されます。",
        "Nothing that was entered is lost: answers that the other form does not ask come back if you change back.",
    ),
    "selection_save": Text("変更する", "Change"),
    "choice": Text("手続と在留資格", "Procedure and status of residence"),
    "need_choice": Text("手続と在留資格を選択してください", "Choose procedure and status of residence"),
    "together_hint": Text("1回の申請で一緒に申請できる手続です。", "These can be filed in the same application."),
    "taken": Text("この下書きの担当者になりました。", "You are in charge of this draft now."),
    "in_charge": Text("担当者", "In charge"),
    "colleague": Text("同じ機関の別の担当者", "a colleague"),
    "last_saved_by": Text("{at}（{name}）", "{at}, by {name}"),
    "take_over": Text("この下書きの担当者になる", "Take over this draft"),
    "make_copy": Text("この内容で別の下書きを作成する", "Start another draft from this one"),
    "not_copied": Text("引き継ぐことができません", "It could not be taken over"),
    "delete_title": Text("下書きを削除する", "Delete the draft"),
    "delete_lead": Text(
        "「{procedure}」（{name}）の下書きを、入力した内容とファイルとともに削除します。元に戻すことはできません。",
        "The draft of “{procedure}” ({name}) is deleted with everything that was entered and sent. "
        "This cannot be undone.",
    ),
    "delete_button": Text("削除する", "Delete"),
    "no_name": Text("氏名未入力", "no name yet"),
    "already_filed": Text(
        "この申請は提出済みのため、変更できません。", "This application has been submitted and cannot be changed here."
    ),
    "not_saved": Text("保存できませんでした。もう一度お試しください。", "It could not be saved. Try again."),
    # Steps
    "contact": Text("連絡先", "Contact"),
    "documents": Text("提出書類", "Documents"),
    "photo": Text("顔写真", "Face photo"),
    "review": Text("確認と申請", "Check and submit"),
    "step_of": Text("{all}項目中{number}番目", "Part {number} of {all}"),
    # Topics
    "save_continue": Text("保存して次へ", "Save and continue"),
    "save_back": Text("保存して一覧へ戻る", "Save and return to the list"),
    "saved_at": Text("{time}に保存しました", "Saved at {time}"),
    "saved_in_part": Text(
        "{time}に保存しました（確認が必要な項目を除く）", "Saved at {time}, except where something has to be corrected"
    ),
    "offline": Text(
        "保存できませんでした。通信を確認してください。入力した内容はこの画面に残っています。",
        "Not saved: check your connection. What you typed is still on this page.",
    ),
    "sample": Text("例: {sample}", "Example: {sample}"),
    "sample_day": Text("2027年1月15日、2027/1/15、令和9年1月15日", "2027-01-15, 2027/1/15 or 令和9年1月15日"),
    "sample_partial-day": Text(
        "1995年4月12日、1995/4/12（日や月が分からないときは1995年4月、1995年）",
        "1995-04-12; where day or month is unknown, 1995-04 or 1995",
    ),
    "sample_partial-month": Text(
        "2021年4月、2021/4（月が分からないときは2021年）", "2021-04; where the month is unknown, 2021"
    ),
    "sample_month": Text("2027年4月、2027/4", "2027-04 or 2027/4"),
    "sample_any-phone": Text("03-1234-5678、+84 24 1234 5678", "03-1234-5678 or +84 24 1234 5678"),
    "sample_name": Text("NGUYEN VAN AN（旅券のとおり、アルファベットで）", "NGUYEN VAN AN, as in the passport"),
    "sample_postal-code": Text("100-0013", "100-0013"),
    "sample_phone": Text("03-1234-5678", "03-1234-5678"),
    "sample_residence-card": Text("AB12345678CD", "AB12345678CD"),
    "sample_passport": Text("TK1234567", "TK1234567"),
    "sample_corporate-number": Text("4011001098993（13桁）", "4011001098993 (13 digits)"),
    "sample_employment-insurance": Text("1301-123456-7（11桁）", "1301-123456-7 (11 digits)"),
    "at_most": Text("{number}文字以内", "At most {number} characters"),
    "list_hint": Text("文字を入力すると候補が表示されます。", "Begin to type, and choose from what is offered."),
    "not_in_list": Text(
        "一覧にありません。候補から選択してください", "It is not in the list. Choose one that is offered"
    ),
    "not_in_list_near": Text("一覧にありません。近いもの: {near}", "It is not in the list. Close to it: {near}"),
    "about_field": Text("「{field}」{text}", "{field}: {text}"),
    "comma": Text("、", ", "),
    "only_if": Text("{condition}場合だけ入力してください。", "Only if {condition}."),
    "when_in": Text("「{field}」が「{value}」の", "“{field}” is “{value}”"),
    "when_not_in": Text("「{field}」が「{value}」以外の", "“{field}” is not “{value}”"),
    "when_empty": Text("「{field}」が未入力の", "“{field}” is empty"),
    "when_and": Text("、かつ", " and "),
    "when_or": Text("、又は", ", or "),
    "choice_or": Text("」「", "” or “"),
    "yes": Text("有（はい）", "Yes"),
    "no": Text("無（いいえ）", "No"),
    "no_answer": Text("回答しない", "No answer"),
    "choose": Text("選択してください", "Choose"),
    "row": Text("{label} {number}件目", "{label} {number}"),
    "add_row": Text("行を追加する: {label}", "Add a row: {label}"),
    "drop_row": Text("この行を削除する", "Remove this row"),
    "rows_most": Text("{number}件まで入力できます。", "You can enter up to {number}."),
    "rows_count": Text("{number}件", "{number} rows"),
    "nothing_entered": Text("未入力", "nothing entered"),
    "fetch_address": Text("郵便番号から住所を入力する", "Fill in the address from the postal code"),
    "no_address": Text(
        "この郵便番号の住所が見つかりません。7桁の郵便番号を確認するか、住所を直接入力してください。",
        "No address is known for this postal code. Check its seven digits, or type the address.",
    ),
    "conflict": Text(
        "「{field}」は、他の人が先に「{value}」に変更しました。入力した内容は欄に残っています。",
        "{field}: somebody else has changed it to “{value}”. What you typed is still in the field.",
    ),
    "changed_since": Text(
        "他の人が先に「{value}」に変更しました。もう一度保存すると、欄の内容に置き換わります。",
        "Somebody else has changed it to “{value}”. Saving again replaces that with what is in the field.",
    ),
    "take_other": Text("「{value}」を使う", "Use “{value}”"),
    "unit_yen": Text("円", "yen"),
    "unit_people": Text("人", "people"),
    "unit_years": Text("年", "years"),
    "unit_months": Text("か月", "months"),
    "unit_days": Text("日", "days"),
    "unit_hours": Text("時間", "hours"),
    "unit_m2": Text("㎡", "m²"),
    "unit_percent": Text("％", "%"),
    "with_m2": Text("{number}㎡", "{number} m²"),
    "with_percent": Text("{number}％", "{number}%"),
    "with_yen": Text("{number}円", "{number} yen"),
    "with_people": Text("{number}人", "{number}"),
    "with_years": Text("{number}年", "{number} years"),
    "with_months": Text("{number}か月", "{number} months"),
    "with_days": Text("{number}日", "{number} days"),
    "with_hours": Text("{number}時間", "{number} hours"),
    "year_of": Text("{year}年", "{year}"),
    # Contact
    "contact_lead": Text(
        "審査の進み具合や追加資料の依頼を、申請人にメールで知らせます。",
        "Emails to this address say how the examination goes on and whether further documents are needed.",
    ),
    "email": Text("申請人のメールアドレス", "Email address of the applicant"),
    "need_email": Text("メールアドレスを入力してください", "Enter the email address"),
    "language": Text("メールの言語", "Language of the emails"),
    # Photo
    "photo_lead": Text("在留カードに印刷される顔写真です。", "It will be printed on the residence card."),
    "photo_not_needed": Text("この申請に顔写真は必要ありません。", "This application needs no photo."),
    "photo_rules": Text("写真の条件", "What the photo has to be like"),
    "photo_rule_alone": Text(
        "申請人が一人で写り、正面を向き、帽子をかぶっていないもの",
        "the applicant alone, facing the camera, without a hat",
    ),
    "photo_rule_background": Text("背景がなく、影のない、鮮明なもの", "sharp, with a plain background and no shadows"),
    "photo_rule_age": Text("6か月以内に撮影したもの", "taken within the last six months"),
    "photo_rule_format": Text(
        "JPEG又はPNG、25MB以内、縦{height}×横{width}ピクセル以上",
        "JPEG or PNG, at most 25 MB, at least {width} × {height} pixels",
    ),
    "photo_rule_crop": Text(
        "縦4:横3に自動で切り抜かれ、位置情報などは取り除かれます。",
        "It is cropped to 3:4, and data such as the place where it was taken are removed.",
    ),
    "photo_sent": Text("送信した写真", "The photo that you sent"),
    "photo_take": Text("カメラで撮影する", "Take a photo"),
    "photo_choose": Text("写真のファイルを選ぶ", "Choose a photo"),
    "photo_replace": Text("別の写真に差し替える", "Replace the photo"),
    "photo_send": Text("写真を送信する", "Send the photo"),
    "photo_remove": Text("写真を削除する", "Remove the photo"),
    "photo_good": Text("確認が済みました。この写真を使用できます。", "The photo was checked and can be used."),
    "photo_advice": Text("使用できますが、次の点を確認してください", "It can be used, but look at this"),
    "photo_missing": Text(
        "写真のファイルが見つかりません。もう一度送信してください。", "The file is gone. Send the photo again."
    ),
    # Documents
    "documents_lead": Text(
        "この申請で求められる書類です。PDFファイルで送信してください。",
        "These documents are asked for with this application. Send them as PDF files.",
    ),
    "documents_limits": Text(
        "1ファイル25MB以内、顔写真を含めて{files}個・合計{megabytes}MBまで（現在{number}個、{total}）。1つのPDFに複数の書類をまとめることができます。",
        "At most 25 MB for a file, {files} files and {megabytes} MB in all with the photo (now {number}, {total}). "
        "One PDF may hold several documents.",
    ),
    "document_required": Text("必須", "Required"),
    "document_conditional": Text("該当する場合", "If applicable"),
    "document_done": Text("送信済み", "Sent"),
    "why_required": Text(
        "この手続と在留資格で、すべての人に求められます。", "Everybody is asked for it in this procedure."
    ),
    "why_conditional": Text(
        "該当する場合、又は審査で求められた場合に提出してください。",
        "Send it if it applies to you, or if an officer asks for it.",
    ),
    "file_also": Text("このファイルに含まれる書類: {names}", "This file holds: {names}"),
    "file_holds_many": Text(
        "このファイルには{number}種類の書類が含まれています。ファイルを削除すると、すべて削除されます。",
        "This file holds {number} documents. Removing it removes all of them.",
    ),
    "file_replace": Text("別のファイルに差し替える", "Replace it by another file"),
    "file_other": Text("その他のファイル", "Other files"),
    "several_title": Text("複数の書類を1つのPDFで送信する", "One PDF for several documents"),
    "several_lead": Text("含まれる書類にすべてチェックを入れてください。", "Tick every document that the file holds."),
    "tick_one": Text("含まれる書類を選択してください", "Tick at least one document"),
    "uploaded": Text(
        "ファイルを送信しました。確認が済み、使用できます。", "The file was sent, checked, and can be used."
    ),
    "removed": Text("削除しました。", "Removed."),
    "changed": Text("変更を保存しました。", "The change was saved."),
    "next": Text("次へ進む", "Continue"),
    "documents_none": Text("この申請で求められる書類はありません。", "No documents are asked for."),
    # Review
    "review_title": Text("内容の確認と申請", "Check and submit"),
    "review_lead": Text(
        "申請する前に、すべての内容を確認してください。申請した後の変更には、理由が必要です。",
        "Check everything before you submit. Changing something afterwards needs a reason.",
    ),
    "change": Text("変更", "Change"),
    "missing": Text("未入力（必須）", "Missing (required)"),
    "files_title": Text("写真と書類", "Photo and documents"),
    "photo_attached": Text("添付済み", "Attached"),
    "no_files": Text("書類は添付されていません。", "No documents are attached."),
    "hints_title": Text("見比べてください", "Compare these"),
    "hints_lead": Text(
        "誤りではありませんが、旅券や在留カードと同じか確認してください。",
        "Nothing is wrong; compare them with the passport or the residence card.",
    ),
    "fees_title": Text("手数料（許可されたときに納付）", "Fee, paid when the permission is given"),
    "fees_what": Text("許可される在留期間", "Period of stay that is granted"),
    "fees_yen": Text("手数料", "Fee"),
    "fees_lead": Text(
        "本日申請した場合の額です。申請時の支払はありません。",
        "These are today's amounts. Nothing is paid when you submit.",
    ),
    "fees_free": Text("この手続に手数料はかかりません。", "This procedure is free of charge."),
    "fee_single": Text("1回限りの再入国許可", "re-entry once"),
    "fee_multiple": Text("数次の再入国許可", "re-entry several times"),
    "stay_to_m3": Text("3か月以下", "up to 3 months"),
    "stay_to_m6": Text("3か月を超え6か月以下", "over 3 and up to 6 months"),
    "stay_under_y1": Text("6か月を超え1年未満", "over 6 months and under 1 year"),
    "stay_y1": Text("1年", "1 year"),
    "stay_under_y3": Text("1年を超え3年未満", "over 1 year and under 3 years"),
    "stay_under_y5": Text("3年以上5年未満", "3 years and under 5 years"),
    "stay_from_y5": Text("5年以上", "5 years or more"),
    "yen": Text("{yen}円", "{yen} yen"),
    "free": Text("無料", "free"),
    "declarations_title": Text("申請する前の確認", "Before you submit"),
    "need_declaration": Text("確認してチェックを入れてください", "Read the declaration, and tick it"),
    "submit": Text("申請する", "Submit the application"),
    "submit_note": Text(
        "ボタンを押すと申請が受け付けられ、受付番号が表示されます。2回押しても申請は1件です。",
        "Pressing the button files the application, and the receipt number is shown. Pressing twice files it once.",
    ),
    "not_complete": Text(
        "必要なものがそろうと、ここから申請できます。", "You can submit from here once nothing is missing."
    ),
    "back_to_overview": Text("項目の一覧へ戻る", "Back to the list of parts"),
    # Filed
    "receipt_number": Text("申請受付番号", "Receipt number"),
    "submitted_at": Text("受付日時", "Received at"),
    "special_period": Text("特例期間の満了", "End of the special period"),
}
