"""Problems with certificates and their links."""

from shared.errors import Conflict, NotFound, Text


class NoCertificate(Conflict):
    """There is no certificate of this application, or it is still being made."""

    code = "no-certificate"
    title = Text("証明書がまだありません", "No certificate yet")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "証明書は、交付されるとこの画面から受け取れます。交付の直後は、数分後にもう一度お試しください。",
                "The certificate is here once it is issued. If it has just been issued, try again in a few minutes.",
            )
        )


class NoDesignation(Conflict):
    """No designation paper goes with the card of this application, or the card is not made yet."""

    code = "no-designation"
    title = Text("指定書がありません", "No designation paper")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "指定書は、在留カードの作成後に、指定書の対象となる在留資格について作成されます。",
                "A designation paper is made with the new card, for the statuses of residence that have one.",
            )
        )


class NotInForce(Conflict):
    """The certificate has run out or was revoked: it is not handed out any more."""

    code = "certificate-not-in-force"
    title = Text("この証明書は使用できません", "The certificate cannot be used")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "この証明書は、有効期間が過ぎたか、取り消されたため、使用できません。必要なときは、改めて申請してください。",
                "The certificate has expired or was revoked. Where it is still needed, file a new application.",
            )
        )


class LinkOver(NotFound):
    """A link that never was, has expired, was stopped, or was tried too often: the answer is the same."""

    code = "certificate-link-over"
    title = Text("リンクを使用できません", "The link cannot be used")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "リンクの期限が切れたか、停止されています。リンクを送った方に、もう一度送るよう依頼してください。",
                "The link has expired or was stopped. Ask the person who sent it to send another one.",
            )
        )


class WrongBirthDate(Conflict):
    """Another date of birth than the holder's. After five the link stops."""

    code = "wrong-birth-date"
    title = Text("生年月日が一致しません", "Another date of birth")

    def __init__(self, left: int) -> None:
        super().__init__(
            Text(
                "証明書の名義人の生年月日と一致しません。あと{left}回まで入力できます。",
                "This is not the date of birth of the certificate's holder. {left} more tries are left.",
            ).with_values(left=left)
        )


class TooManyLinks(Conflict):
    """The certificate was sent as often as it can be."""

    code = "too-many-links"
    title = Text("これ以上送信できません", "No more links")

    def __init__(self, most: int) -> None:
        super().__init__(
            Text(
                "1通の証明書のリンクは{most}回まで送信できます。PDFをダウンロードして送ってください。",
                "A certificate can be sent {most} times. Download the PDF and send that.",
            ).with_values(most=most)
        )
