"""The words of the printed proof, in Japanese with English beneath."""

from shared.errors import Text

TITLE = Text("受付証明", "Proof of pending application")
STATEMENT = Text(
    "次の申請が受け付けられ、現在申請中（処分前）であることを証明します。",
    "This proves that the following application has been received and is pending: no disposition has been made.",
)
NUMBER = Text("申請受付番号", "Receipt number")
APPLICANT = Text("申請人", "Applicant")
BORN = "{year}年生まれ / born in {year}"
PROCEDURE = Text("手続", "Procedure")
STATUS = Text("申請に係る在留資格", "Status of residence applied for")
RECEIVED = Text("受付日", "Day of receipt")
OFFICE = Text("担当官署", "Office in charge")
STANDING = Text("申請の状況", "State of the application")
PENDING = Text("申請中（処分前）", "Pending")
EXPIRY = Text("在留期間の満了日", "End of the present period of stay")
SPECIAL_END = Text("特例期間の末日", "Last day of the special period")
ISSUED = Text("発行日時", "Issued at")
MEANING = Text("この証明の意味", "What it means")
SPECIAL_PERIOD = Text(
    "在留期間の満了の日までに在留期間更新許可申請又は在留資格変更許可申請をした方は、満了の日までに処分がされないときは、満了後も、"
    "処分がされる時又は満了の日から2月を経過する日が終了する時のいずれか早い時まで、引き続き従前の在留資格をもって在留することが"
    "できます（出入国管理及び難民認定法第20条第6項。同法第21条第4項において準用する場合を含む。）。この間は、従前の在留資格で認められる"
    "就労その他の活動を行うことができます。",
    "A person who applied in time, and on whose application no disposition has been made when the period of stay ends, "
    "may remain in Japan under the previous status of residence until the disposition, or until the end of the day two "
    "months after the period of stay ended, whichever is earlier (Immigration Control and Refugee Recognition Act, "
    "Article 20 (6), also as applied by Article 21 (4)). Work and other activities of that status are permitted until "
    "then.",
)
SPECIAL_PERIOD_OVER = Text(
    "特例期間（出入国管理及び難民認定法第20条第6項。同法第21条第4項において準用する場合を含む。）は、上記の末日に終了しています。"
    "この証明は、申請が受け付けられ、処分がされていないことのみを示します。",
    "The special period (Immigration Control and Refugee Recognition Act, Article 20 (6), also as applied by Article "
    "21 (4)) ended on the day above. This proof shows only that the application was received and that no disposition "
    "has been made.",
)
WITHOUT_SPECIAL_PERIOD = Text(
    "この申請には特例期間（出入国管理及び難民認定法第20条第6項。同法第21条第4項において準用する場合を含む。）がありません。"
    "この証明は、申請が受け付けられ、処分がされていないことのみを示し、在留期間を延ばすものではありません。",
    "This application has no special period (Immigration Control and Refugee Recognition Act, Article 20 (6), also as "
    "applied by Article 21 (4)). This proof shows only that the application was received and that no disposition has "
    "been made. It does not extend a period of stay.",
)
NOT_A_CARD = Text(
    "在留カード又は旅券とともに提示してください。この証明は在留カードに代わるものではありません。",
    "Show it together with the residence card or the passport. It does not replace the residence card.",
)
HOW = Text(
    "QRコードを読み取るか、{address} に次のコードを入力すると、真正であるか、現在も申請中であるかを誰でも確認できます。"
    "氏名は表示されません。",
    "Scan the QR code, or enter the code below at {address}. Anybody sees whether it is genuine and whether the "
    "application is pending now; no name is shown.",
)
