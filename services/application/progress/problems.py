"""Problems with an application at its stage."""

from shared.errors import Conflict, Text


class NotFiled(Conflict):
    """The application is a draft: it has no receipt."""

    code = "not-filed"
    title = Text("まだ申請していません", "Not filed yet")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "この申請は下書きです。申請すると、受付番号と受付証明が発行されます。",
                "This is a draft. Once it is filed, it has a receipt number and a proof of receipt.",
            )
        )
