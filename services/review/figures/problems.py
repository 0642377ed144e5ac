"""Problems with what is asked of figures."""

from shared.errors import FieldProblem, Invalid, Text


class WrongPeriod(Invalid):
    """A period that ends before it begins, or is too long."""

    code = "wrong-period"
    title = Text("期間が正しくありません", "Not a period")

    def __init__(self, most: int) -> None:
        text = Text(
            "開始月は終了月以前で、{most}か月以内の期間を指定してください",
            "The first month is not after the last one, and at most {most} months before it",
        ).with_values(most=most)
        super().__init__(fields=[FieldProblem("/first", "wrong-period", text)])
