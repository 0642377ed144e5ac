"""Audit tags of the review service, and their words in a timeline."""

from shared.errors import Text
from shared.journal import AuditTag


class Tag(AuditTag):
    """Every action on a case, and the reading of it."""

    OPEN = "case:open"
    CORRECT = "case:correct"
    REQUEST_CORRECTION = "case:request_correction"
    AGREE_CORRECTION = "case:agree_correction"
    DECLINE_CORRECTION = "case:decline_correction"
    NOTE_ADDRESS = "case:note_address"
    NOTE_FILER = "case:note_filer"
    REBUILD = "case:rebuild"
    NOTE_UNDELIVERED = "case:note_undelivered"
    INFORM = "case:inform"
    WITHDRAW = "case:withdraw"
    WITHDRAW_LATE = "case:withdraw_late"
    START = "case:start"
    TAKE = "case:take"
    ASSIGN = "case:assign"
    REASSIGN = "case:reassign"
    HAND_OVER = "case:hand_over"
    GIVE_BACK = "case:give_back"
    TAKE_BACK = "case:take_back"
    TRANSFER = "case:transfer"
    FLAG = "case:flag"
    UNFLAG = "case:unflag"
    NOTICE = "case:notice"
    EXAMINE = "case:examine"
    REQUEST_DOCUMENTS = "case:request_documents"
    DOCUMENTS_OVERDUE = "case:documents_overdue"
    REMIND_OF_DOCUMENTS = "case:remind_of_documents"
    TAKE_DOCUMENTS = "case:take_documents"
    ASK_MORE_TIME = "case:ask_more_time"
    GIVE_MORE_TIME = "case:give_more_time"
    DECLINE_MORE_TIME = "case:decline_more_time"
    REQUEST_INTERVIEW = "case:request_interview"
    MOVE_INTERVIEW = "case:move_interview"
    CANCEL_INTERVIEW = "case:cancel_interview"
    REMIND_OF_INTERVIEW = "case:remind_of_interview"
    RESOLVE_SAME_PERSON = "case:resolve_same_person"
    PROPOSE = "case:propose"
    APPROVE = "case:approve"
    SEND_BACK = "case:send_back"
    RECALL = "case:recall"
    TAKE_EFFECT = "case:take_effect"
    TERMINATE = "case:terminate"
    PAY_FEE = "case:pay_fee"
    ORDER_PAYMENT = "case:order_payment"
    PLACE_ORDER = "case:place_order"
    END_ORDER = "case:end_order"
    TAKE_NOTICE = "case:take_notice"
    PROPOSE_REFUND = "case:propose_refund"
    DECIDE_REFUND = "case:decide_refund"
    REFUND = "case:refund"
    REFUSE_REFUND = "case:refuse_refund"
    READ_FILE = "payment_file:read"
    RESOLVE_DIFFERENCE = "payment_difference:resolve"
    ANNOUNCE_MATERIALS = "case:announce_materials"
    TAKE_MATERIALS = "case:take_materials"
    ISSUE_CARD = "case:issue_card"
    ISSUE_CERTIFICATE = "case:issue_certificate"
    REVOKE_CERTIFICATE = "case:revoke_certificate"
    NOTE_RECEIPT = "case:note_receipt"
    REQUIRE_VISIT = "case:require_visit"
    MAIL = "case:mail"
    RETURN_CARD = "case:return_card"
    BOOK_VISIT = "case:book_visit"
    DELIVER = "case:deliver"
    SCAN = "card_desk:scan"
    TAKE_REPORT = "card_desk:take_report"
    MAKE_BATCH = "card_batch:make"
    CLOSE_BATCH = "card_batch:close"
    TAKE_FILE = "card_batch:take_file"
    READ = "case:read"
    SEARCH = "work_queue:search"
    SET_SKILL = "examiner:set_skill"
    RECORD_ABSENCE = "examiner:record_absence"
    END_ABSENCE = "examiner:end_absence"
    MOVE_CASES = "examiner:move_cases"


READS = frozenset({Tag.READ, Tag.SEARCH})

WORDING: dict[Tag, Text] = {
    Tag.OPEN: Text("申請を受け付けました", "The application was received"),
    Tag.CORRECT: Text("申請内容が訂正されました", "The application was corrected"),
    Tag.NOTE_UNDELIVERED: Text("重要なメールが届きませんでした", "An important email did not arrive"),
    Tag.INFORM: Text("メールに代えて連絡しました", "The person was informed in place of an email"),
    Tag.REQUEST_CORRECTION: Text("申請内容の訂正の申出がありました", "The applicant asked for a correction"),
    Tag.AGREE_CORRECTION: Text("訂正の申出を認めました", "The correction was agreed to"),
    Tag.DECLINE_CORRECTION: Text("訂正の申出を認めませんでした", "The correction was declined"),
    Tag.REBUILD: Text(
        "申請内容の控えを申請の記録に合わせて直しました", "The copy of the application was put right from its record"
    ),
    Tag.NOTE_ADDRESS: Text("住居地の変更の届出がありました", "The applicant stated a new address"),
    Tag.NOTE_FILER: Text("申請側の担当者が変わりました", "Another person is in charge of the application"),
    Tag.WITHDRAW: Text("申請が取り下げられました", "The application was withdrawn"),
    Tag.WITHDRAW_LATE: Text("取下げの連絡がありました（決裁後）", "A withdrawal came after the decision"),
    Tag.START: Text("審査を開始しました", "Examination began"),
    Tag.REASSIGN: Text("担当審査官を変更しました", "The case was given to another examiner"),
    Tag.TAKE: Text("審査官が担当になりました", "An examiner took the case"),
    Tag.ASSIGN: Text("審査官に割り当て、審査を開始しました", "The case was given to an examiner; examination began"),
    Tag.HAND_OVER: Text("担当審査官が同僚に引き継ぎました", "The examiner handed the case over to a colleague"),
    Tag.GIVE_BACK: Text("担当審査官が待ち行列に戻しました", "The examiner returned the case to the queue"),
    Tag.TAKE_BACK: Text("決裁者が待ち行列に戻しました", "The chief examiner returned the case to the queue"),
    Tag.TRANSFER: Text("他の官署に移管しました", "The case went to another office"),
    Tag.FLAG: Text("表示を付けました", "The case was flagged"),
    Tag.UNFLAG: Text("表示を外しました", "A flag was taken away"),
    Tag.NOTICE: Text("期限についてお知らせしました", "A deadline was reported to the officers"),
    Tag.EXAMINE: Text("審査結果を記録しました", "Findings were recorded"),
    Tag.REQUEST_DOCUMENTS: Text("追加資料を求めました", "Documents were requested"),
    Tag.DOCUMENTS_OVERDUE: Text("追加資料の提出期限を過ぎました", "The requested documents are overdue"),
    Tag.REMIND_OF_DOCUMENTS: Text(
        "追加資料の提出期限が近いことをお知らせしました", "The applicant was reminded of the documents"
    ),
    Tag.TAKE_DOCUMENTS: Text("追加資料が提出されました", "Documents were submitted"),
    Tag.ASK_MORE_TIME: Text("提出期限の延長の申出がありました", "The applicant asked for more time"),
    Tag.GIVE_MORE_TIME: Text("提出期限を延長しました", "More time was given"),
    Tag.DECLINE_MORE_TIME: Text("提出期限の延長を認めませんでした", "More time was declined"),
    Tag.REQUEST_INTERVIEW: Text("事情聴取・実態調査を通知しました", "An interview or inquiry was announced"),
    Tag.MOVE_INTERVIEW: Text("事情聴取・実態調査の日時等を変更しました", "The interview or inquiry was moved"),
    Tag.CANCEL_INTERVIEW: Text("事情聴取・実態調査を取りやめました", "The interview or inquiry was cancelled"),
    Tag.REMIND_OF_INTERVIEW: Text(
        "事情聴取・実態調査が近いことをお知らせしました", "The applicant was reminded of the interview or inquiry"
    ),
    Tag.RESOLVE_SAME_PERSON: Text(
        "同一人の案件との関係を確認しました", "How another case of the same person belongs here was recorded"
    ),
    Tag.PROPOSE: Text("処分案を起案しました", "An outcome was proposed"),
    Tag.APPROVE: Text("決裁しました", "The decision was made"),
    Tag.SEND_BACK: Text("起案を差し戻しました", "The proposal was sent back"),
    Tag.RECALL: Text("決裁を取り消しました（発効前）", "The decision was recalled before it took effect"),
    Tag.TAKE_EFFECT: Text("決裁が発効しました", "The decision took effect"),
    Tag.TERMINATE: Text("審査を終止しました", "The case was ended without a decision"),
    Tag.PAY_FEE: Text("手数料が納付されました", "The fee was paid"),
    Tag.ORDER_PAYMENT: Text("オンライン納付の手続を始めました", "The applicant began to pay online"),
    Tag.PLACE_ORDER: Text("納付番号等が発行されました", "The payment provider expects the payment"),
    Tag.END_ORDER: Text("オンライン納付の手続が終わりました（未納）", "The online payment ended without money"),
    Tag.TAKE_NOTICE: Text("収納代行者からの通知を記録しました", "A notice of the payment provider was recorded"),
    Tag.PROPOSE_REFUND: Text("還付を起案しました", "A refund was proposed"),
    Tag.DECIDE_REFUND: Text("還付を決裁しました", "A refund was decided"),
    Tag.REFUND: Text("還付しました", "Money was given back"),
    Tag.REFUSE_REFUND: Text("納付の受付事業者が還付を拒否しました", "The payment provider refused a refund"),
    Tag.READ_FILE: Text("収納データを照合しました", "The payment provider's file was read"),
    Tag.RESOLVE_DIFFERENCE: Text("収納データの差異を確認しました", "A difference of the file was looked into"),
    Tag.ANNOUNCE_MATERIALS: Text("在留カード等の発送連絡がありました", "The old card and envelope are on their way"),
    Tag.TAKE_MATERIALS: Text("在留カード等を受領しました", "The old card and the envelope arrived"),
    Tag.ISSUE_CARD: Text("新しい在留カードを作成しました", "The new card was made"),
    Tag.ISSUE_CERTIFICATE: Text("証明書を交付しました", "The certificate was issued"),
    Tag.REVOKE_CERTIFICATE: Text("証明書を取り消しました", "The certificate was revoked"),
    Tag.NOTE_RECEIPT: Text("証明書の受領登録がありました", "The recipient acknowledged the certificate"),
    Tag.REQUIRE_VISIT: Text("窓口での交付に変更しました", "The result has to be collected at a counter"),
    Tag.MAIL: Text("在留カードを発送しました", "The card was mailed"),
    Tag.RETURN_CARD: Text("在留カードの郵便物が届きませんでした", "The letter with the card came back, or is lost"),
    Tag.BOOK_VISIT: Text("窓口の日時を予約しました", "A time at the counter was booked"),
    Tag.SCAN: Text("届いた封筒を読み取りました", "Envelopes were scanned"),
    Tag.TAKE_REPORT: Text("配達結果を取り込みました", "A report of the carrier was taken"),
    Tag.MAKE_BATCH: Text("まとめを作成しました", "A batch was made"),
    Tag.CLOSE_BATCH: Text("まとめを終了しました", "A batch was closed"),
    Tag.TAKE_FILE: Text("まとめの結果を取り込みました", "The file of a batch was taken"),
    Tag.DELIVER: Text("在留カードが届きました", "The card was delivered"),
    Tag.READ: Text("案件を閲覧しました", "The case was read"),
    Tag.SEARCH: Text("案件一覧を閲覧しました", "The list of cases was read"),
    Tag.SET_SKILL: Text("担当する手続・在留資格を定めました", "It was recorded what the examiner examines"),
    Tag.RECORD_ABSENCE: Text("不在を登録しました", "An absence was recorded"),
    Tag.END_ABSENCE: Text("不在を取り消しました", "An absence was ended"),
    Tag.MOVE_CASES: Text("担当案件をまとめて移しました", "The examiner's cases were moved"),
}
