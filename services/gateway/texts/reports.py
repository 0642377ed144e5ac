"""What the pages of the periodic report (定期報告) say."""

from shared.errors import Text

TEXTS = {
    "report": Text("定期報告", "Periodic report"),
    "report_lead": Text(
        "機関と立場ごとに、期間に1回、職員のうち1人が提出します。承認されると、同じ立場の職員全員の利用期限が延びます。",
        "Handed in once a term for each organisation and role, by any one member. Once it is approved, all members in "
        "the role go on for another term.",
    ),
    "report_none": Text(
        "定期報告は、機関に所属する職員の方が行うものです。現在のアカウントには、定期報告を行う立場がありません。個人の方は、"
        "利用期限までに改めて登録してください。",
        "The periodic report is handed in by staff of organisations. Your account has no role that reports. Persons "
        "register again before their registration ends.",
    ),
    "report_officer": Text(
        "定期報告は、機関に所属する職員の方が行うものです。審査する方のアカウントでは提出できません。",
        "The periodic report is handed in by staff of organisations, and not with an officer's account.",
    ),
    "report_opens_on": Text("提出できる日", "Open from"),
    "report_due_on": Text("提出期限", "Due on"),
    "report_term_ends": Text("利用期限", "Registration ends on"),
    "report_not_open": Text(
        "まだ提出できません。{day}から提出できます。", "Nothing is due yet. It can be handed in from {day} on."
    ),
    "report_late": Text(
        "提出期限を過ぎています。利用期限までに承認されないことがあります。お早めに提出してください。",
        "The day it was due has passed. It may not be approved before the registration ends: hand it in soon.",
    ),
    "report_over": Text(
        "利用期限を過ぎているため、定期報告は提出できません。改めて利用申出を行ってください。",
        "The registration has ended, and no report can be handed in any more. Register again.",
    ),
    "report_over_examined": Text(
        "利用期限を過ぎました。提出済みの定期報告が承認されると、利用を再開できます。",
        "The registration has ended. You can go on once the report that was handed in is approved.",
    ),
    "report_over_mend": Text(
        "利用期限を過ぎましたが、期限内に提出された定期報告は直して再提出できます。承認されると、利用を再開できます。",
        "The registration has ended, but the report was handed in before that: mend it and hand it in again. You can "
        "go on once it is approved.",
    ),
    "report_register": Text("利用申出を行う", "Register again"),
    "report_last": Text("提出した定期報告", "The report that was handed in"),
    "report_status": Text("状況", "State"),
    "report_handed_in_at": Text("提出日時", "Handed in"),
    "report_filed_by": Text("提出者", "By"),
    "report_of_term": Text("対象の利用期限", "For the term that ends on"),
    "report_new_term": Text("新しい利用期限", "New term ends on"),
    "report_decided_at": Text("審査日時", "Decided"),
    "report_reason": Text("理由", "Reason"),
    "report_anew": Text(
        "利用期限までは、もう一度提出できます。", "Another report can be handed in until the registration ends."
    ),
    "report_as_file": Text("ファイル", "file"),
    "report_as_paper": Text("書面", "on paper"),
    "report_form": Text("定期報告の提出", "Hand in the report"),
    "report_mend": Text("定期報告の補正", "Mend the report"),
    "report_documents": Text("定期報告の書類", "Documents of the periodic report"),
    "report_documents_hint": Text(
        "PDFファイルを送るか、書面で提出する（窓口又は郵送）ことを選んでください。",
        "Send each as a PDF, or say that you hand it in on paper, at the counter or by post.",
    ),
    "report_documents_lead": Text(
        "送ったファイルは、定期報告と一緒に提出されます。送り終えたら、入力のページに戻ってください。"
        "入力のページを別のタブで開いている場合、入力した内容はそのままです。",
        "The files go with the report. When you have sent them, go back to the form: in the other tab, what you typed "
        "is still there.",
    ),
    "report_to_documents": Text(
        "PDFファイルを送る（別のタブで開きます。入力した内容は残ります）",
        "Send PDF files (opens in another tab; what you typed stays)",
    ),
    "report_back": Text("入力のページへ", "On to the form"),
    "report_files": Text("送ったファイル", "Files sent"),
    "report_files_before": Text("前回提出したファイル", "Files handed in before"),
    "report_files_stay": Text(
        "別のファイルを送るか、書面での提出を選ばない限り、そのまま提出されます。",
        "They are handed in again, unless you send another file or choose paper.",
    ),
    "report_add_row": Text("行を追加する", "Add a row"),
    "report_submit": Text("定期報告を提出する", "Hand in the report"),
    "report_other_organisation": Text(
        "別のタブなどで立場が切り替えられています。この立場で提出するものを確認し、もう一度入力してください。",
        "You act for another organisation now than when the form was opened. Look at what is due for this one.",
    ),
    "report_handed_in": Text("定期報告を受け付けました。", "The report was received."),
    "report_paper": Text(
        "書面で提出する書類は、受付番号を書き添えて、機関の所在地を管轄する地方出入国在留管理官署に提出してください。",
        "Hand in what comes on paper at the regional immigration office of your organisation, with the receipt number.",
    ),
    "report_examined": Text(
        "審査の結果をメールでお知らせします。このページでも確認できます。",
        "You get the result by mail, and see it on this page.",
    ),
    "report_others": Text("ほかの立場の定期報告", "Reports in other roles"),
    "report_choose": Text("定期報告を行う立場を選んでください", "Choose the role for which you report"),
    "report_open": Text("この立場の定期報告を開く", "Open the report of this role"),
    "report_link": Text("定期報告を開く", "Open the periodic report"),
}
