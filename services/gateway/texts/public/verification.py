"""The verification of a proof by anybody who holds it."""

from shared.errors import Text

TEXTS = {
    "title": Text("受付証明の確認", "Verify a proof of pending application"),
    "lead": Text(
        "受付証明に記載されたコードを入力すると、真正なものか、その申請が現在も申請中かを確認できます。QRコードを読み取った場合、"
        "入力は不要です。",
        "Enter the code on a proof of pending application to see whether it is genuine and whether the application "
        "is pending now. If you scan its QR code, nothing needs to be entered.",
    ),
    "code": Text("コード", "Code"),
    "code_hint": Text(
        "証明の下部、QRコードの横にあります。空白や改行が入っていても構いません。",
        "It is at the foot of the proof, beside the QR code. Spaces and line breaks do not matter.",
    ),
    "need_code": Text("コードを入力してください", "Enter the code"),
    "verify": Text("確認する", "Verify"),
    "pending": Text("真正な証明です。申請は現在も申請中です", "Genuine: the application is pending"),
    "pending_lead": Text(
        "このシステムが発行した証明であり、申請に対する処分はまだされていません。",
        "This system issued the proof, and no disposition has been made on the application.",
    ),
    "over": Text("真正な証明ですが、申請中ではありません", "Genuine, but not pending any more"),
    "over_lead": Text(
        "このシステムが発行した証明ですが、その申請の手続はすでに終わっています（許可・不許可などの結果、又は取下げによります）。"
        "現在の在留資格は在留カードでご確認ください。",
        "This system issued the proof, but the procedure has ended since, by a decision or a withdrawal. See the "
        "residence card for the present status.",
    ),
    "not_genuine": Text("真正な証明として確認できません", "This proof is not genuine"),
    "not_genuine_lead": Text(
        "このシステムが発行したコードではないか、コードの一部が欠けています。入力した場合は、大文字・小文字を含めて証明のとおりか"
        "ご確認ください。証明のとおりに入力してもこの表示になる場合、その証明を信用しないでください。",
        "This system did not issue the code, or a part of it is missing. If you typed it, compare it with the "
        "proof, capital and small letters too. If it is the same, do not rely on the proof.",
    ),
    "special_over": Text("特例期間は終了しています", "The special period is over"),
    "special_over_lead": Text(
        "特例期間は上記の末日に終了しました。申請中であっても、この申請を理由に在留することはできません。",
        "The special period ended on the day above. Although the application is pending, it no longer permits the "
        "stay.",
    ),
    "facts": Text("証明の内容", "What it proves"),
    "number": Text("申請受付番号", "Receipt number"),
    "procedure": Text("手続", "Procedure"),
    "received": Text("受付日", "Day of receipt"),
    "special_period": Text("特例期間の末日", "Last day of the special period"),
    "no_special_period": Text("なし", "None"),
    "issued": Text("証明の発行日", "Proof issued on"),
    "checked": Text("確認した日時", "Verified at"),
    "meaning": Text("確認する方へ", "What this means"),
    "meaning_special": Text(
        "在留期間の満了日までに更新又は変更の申請をした方は、満了後も、特例期間の末日（処分がされたときは、その時）まで、従前の在留資格で"
        "在留し、認められた活動をすることができます（出入国管理及び難民認定法第20条第6項、第21条第4項）。",
        "A person who applied in time for an extension or a change may remain, and continue the activities of the "
        "previous status, until the last day of the special period or the disposition, whichever is earlier "
        "(Immigration Control and Refugee Recognition Act, Articles 20 (6), 21 (4)).",
    ),
    "meaning_name": Text(
        "個人情報保護のため、氏名などは表示しません。申請受付番号が証明と同じか、証明の氏名が在留カードと同じかをご確認ください。",
        "To protect the person, no name is shown. Compare the receipt number with the proof, and the name on the "
        "proof with the residence card.",
    ),
    "another": Text("別のコードを確認する", "Verify another code"),
}
