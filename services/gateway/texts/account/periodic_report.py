"""The periodic report (定期報告)."""

from shared.errors import Text

TEXTS = {
    "title": Text("定期報告", "Periodic report"),
    "lead": Text(
        "機関と利用者区分ごとに、期間に1回、職員のうち1人が提出します。承認されると、同じ区分の職員全員の利用の有効期限が延びます。",
        "One member submits it once a term for each organisation and role. When it is approved, the registration "
        "of all members in the role is extended by another term.",
    ),
    "none": Text(
        "定期報告は、機関に所属する職員の方が行うものです。現在のアカウントには、定期報告を行う利用者区分がありません。個人の方は、"
        "利用の有効期限までに改めて登録してください。",
        "The periodic report is submitted by staff of organisations. Your account has no role that reports. "
        "Individuals register again before their registration ends.",
    ),
    "officer": Text(
        "定期報告は、機関に所属する職員の方が行うものです。審査する方のアカウントでは提出できません。",
        "The periodic report is submitted by staff of organisations. It cannot be submitted with an officer's account.",
    ),
    "opens_on": Text("提出できる日", "Open from"),
    "due_on": Text("提出期限", "Due on"),
    "term_ends": Text("利用の有効期限", "Registration ends on"),
    "not_open": Text(
        "まだ提出できません。{day}から提出できます。", "Nothing is due yet. You can submit it from {day}."
    ),
    "late": Text(
        "提出期限を過ぎています。利用の有効期限までに承認されないことがあります。お早めに提出してください。",
        "The due date has passed. The report may not be approved before the registration ends. Submit it soon.",
    ),
    "over": Text(
        "利用の有効期限を過ぎているため、定期報告は提出できません。改めて利用申出を行ってください。",
        "The registration has ended, so you cannot submit a report. Register again.",
    ),
    "over_examined": Text(
        "利用の有効期限を過ぎました。提出済みの定期報告が承認されると、利用を再開できます。",
        "The registration has ended. You can continue once the submitted report is approved.",
    ),
    "over_correct": Text(
        "利用の有効期限を過ぎましたが、期限内に提出された定期報告は補正して再提出できます。承認されると、利用を再開できます。",
        "The registration has ended, but the report was submitted before that. Correct and resubmit it. You can "
        "continue once it is approved.",
    ),
    "register": Text("利用申出を行う", "Register again"),
    "last": Text("提出した定期報告", "Submitted report"),
    "status": Text("状況", "Status"),
    "submitted_at": Text("提出日時", "Submitted"),
    "filed_by": Text("提出者", "Submitted by"),
    "of_term": Text("対象の有効期限", "For the term that ends on"),
    "new_term": Text("新しい有効期限", "New term ends on"),
    "decided_at": Text("審査日時", "Decided"),
    "reason": Text("理由", "Reason"),
    "again": Text(
        "利用の有効期限までは、もう一度提出できます。", "Another report can be submitted until the registration ends."
    ),
    "as_file": Text("ファイル", "file"),
    "as_paper": Text("書面", "on paper"),
    "form": Text("定期報告の提出", "Submit the report"),
    "correct": Text("定期報告の補正", "Correct the report"),
    "documents": Text("定期報告の書類", "Documents of the periodic report"),
    "documents_hint": Text(
        "PDFファイルをアップロードするか、書面で提出する（窓口又は郵送）ことを選択してください。",
        "Upload each as a PDF, or choose to submit it on paper, at the counter or by post.",
    ),
    "documents_lead": Text(
        "アップロードしたファイルは、定期報告と一緒に提出されます。アップロードが終わったら、入力のページに戻ってください。"
        "入力のページを別のタブで開いている場合、入力した内容はそのままです。",
        "The files are submitted with the report. After you upload them, go back to the form. What you typed is "
        "still there in the other tab.",
    ),
    "to_documents": Text(
        "PDFファイルをアップロードする（別のタブで開きます。入力した内容は残ります）",
        "Upload PDF files (opens in a new tab, and what you typed is kept)",
    ),
    "back": Text("入力のページへ", "Back to the form"),
    "files": Text("アップロード済みのファイル", "Uploaded files"),
    "files_before": Text("前回提出したファイル", "Files submitted before"),
    "files_stay": Text(
        "別のファイルをアップロードするか、書面での提出を選択しない限り、そのまま提出されます。",
        "They are submitted again, unless you upload another file or choose paper.",
    ),
    "forms_lead": Text(
        "定期報告書、誓約書などの様式に記載する事項は、このページに入力した内容と登録済みの情報が代わりになります。"
        "作成済みの様式がある場合は、提出することもできます。",
        "Your answers on this page and your registered details replace the official forms, such as the report form"
        " and the pledge. If you have already filled in the forms, you can add them.",
    ),
    "add_row": Text("行を追加する", "Add a row"),
    "submit": Text("定期報告を提出する", "Submit the report"),
    "other_organisation": Text(
        "ほかの画面で利用者区分が切り替えられています。この区分で提出するものを確認し、もう一度入力してください。",
        "Your current role has changed since the form was opened. Check what is due for this organisation.",
    ),
    "submitted": Text("定期報告を受け付けました。", "The report was received."),
    "paper": Text(
        "書面で提出する書類は、受付番号を書き添えて、機関の所在地を管轄する地方出入国在留管理官署に提出してください。",
        "Submit paper documents to the regional immigration office of your organisation, with the receipt number.",
    ),
    "examined": Text(
        "審査の結果をメールでお知らせします。このページでも確認できます。",
        "We will email you the result. You can also see it on this page.",
    ),
    "others": Text("ほかの利用者区分の定期報告", "Reports in other roles"),
    "choose": Text("定期報告を行う利用者区分を選択してください", "Choose the role you are reporting for"),
    "open": Text("この区分の定期報告を開く", "Open the report for this role"),
    "link": Text("定期報告を開く", "Open the periodic report"),
}
