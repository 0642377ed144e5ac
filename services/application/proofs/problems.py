"""Problems with proofs."""

from shared.errors import Conflict, Text


class NotPending(Conflict):
    """The application is over: a proof that it is pending would be false."""

    code = "not-pending"
    title = Text("申請中ではありません", "Not pending any more")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "この申請の手続は終わっているため、受付証明は発行できません。申請の状況は申請の画面でご確認ください。",
                "The procedure of this application is over, so no proof of a pending application is issued. Its page "
                "has the result.",
            )
        )
