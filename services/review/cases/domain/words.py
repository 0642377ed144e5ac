"""Steps and roles in the words of refusals; the states are named in `shared.reference.case_states`."""

from collections.abc import Mapping

from services.review.cases.domain.states import ActingRole, Step
from shared.errors import Text

STEPS: Mapping[Step, Text] = {
    Step.START: Text("審査の開始", "Starting the examination"),
    Step.TAKE: Text("案件の担当", "Taking the case"),
    Step.ASSIGN: Text("審査官への割当て", "Giving the case to an examiner"),
    Step.REASSIGN: Text("担当審査官の変更", "Changing the examiner"),
    Step.HAND_OVER: Text("同僚への引継ぎ", "Handing the case over"),
    Step.GIVE_BACK: Text("待ち行列への返却", "Returning the case to the queue"),
    Step.TAKE_BACK: Text("担当からの取戻し", "Taking the case back into the queue"),
    Step.TRANSFER: Text("他の官署への移管", "Transferring the case to another office"),
    Step.FLAG: Text("表示の付与", "Setting a flag"),
    Step.UNFLAG: Text("表示の取消し", "Removing a flag"),
    Step.EXAMINE: Text("審査結果の記録", "Recording findings"),
    Step.REQUEST_DOCUMENTS: Text("資料提出の求め", "Requesting documents"),
    Step.ANSWER_MORE_TIME: Text("提出期限の延長への回答", "Answering the request for more time"),
    Step.TAKE_DOCUMENTS: Text("追加資料の受領", "Receiving documents"),
    Step.CORRECT: Text("申請内容の訂正", "Correcting the application"),
    Step.ANSWER_CORRECTION: Text("訂正の申出への回答", "Answering the correction"),
    Step.REQUEST_INTERVIEW: Text("事情聴取・実態調査の案内", "Planning an interview or inquiry"),
    Step.MOVE_INTERVIEW: Text("事情聴取・実態調査の日時の変更", "Moving the interview or inquiry"),
    Step.CANCEL_INTERVIEW: Text("事情聴取・実態調査の取りやめ", "Cancelling the interview or inquiry"),
    Step.RESOLVE_SAME_PERSON: Text("同一人の案件の確認", "Recording how cases of one person belong together"),
    Step.PROPOSE: Text("起案", "A proposal"),
    Step.APPROVE: Text("決裁", "A decision"),
    Step.SEND_BACK: Text("起案の差戻し", "Sending the proposal back"),
    Step.RECALL: Text("決裁の取消し", "Recalling the decision"),
    Step.TAKE_EFFECT: Text("決裁の発効", "The effect of the decision"),
    Step.WITHDRAW: Text("申請の取下げ", "Withdrawing the application"),
    Step.TERMINATE: Text("審査の終止", "Ending the case without a decision"),
    Step.PAY_FEE: Text("手数料の納付の記録", "Recording the fee"),
    Step.TAKE_MATERIALS: Text("旧カード・返信用封筒の受領", "Recording the old card and the envelope"),
    Step.ISSUE_CERTIFICATE: Text("証明書等の交付", "Issuing the certificate or permit"),
    Step.REVOKE_CERTIFICATE: Text("証明書等の取消し", "Revoking the certificate or permit"),
    Step.ISSUE_CARD: Text("在留カードの作成", "Recording the new card"),
    Step.REQUIRE_VISIT: Text("窓口での交付の案内", "Asking the applicant to the counter"),
    Step.MAIL: Text("在留カードの発送", "Recording the mailing"),
    Step.RETURN_CARD: Text("返送・亡失の記録", "Recording that the card came back or is lost"),
    Step.DELIVER: Text("受領の記録", "Recording the delivery"),
}
ROLES: Mapping[ActingRole, Text] = {
    ActingRole.EXAMINER: Text("審査官", "an examiner"),
    ActingRole.CHIEF_EXAMINER: Text("決裁者", "a chief examiner"),
    ActingRole.CARD_OFFICE: Text("カード交付係", "the card office"),
    ActingRole.APPLICANT: Text("申請人", "the applicant"),
    ActingRole.CLOCK: Text("システム", "the clock"),
}
