"""Problems with postal codes."""

from shared.errors import NotFound, Text


class NoSuchPostalCode(NotFound):
    """The code is of the right form, and nobody has it."""

    code = "no-such-postal-code"
    title = Text("この郵便番号の住所が見つかりません", "No address has this postal code")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "番号を確認するか、住所を都道府県から入力してください（例：100-0013、東京都千代田区霞が関）。",
                "Check the code, or type the address, beginning with the prefecture: 100-0013 is Kasumigaseki, Tokyo.",
            )
        )
