"""Problems of previews."""

from shared.errors import Conflict, NotFound, Text


class LinkOver(NotFound):
    """The link to a page is nobody's, another person's, or its time is over."""

    code = "preview-link-over"
    title = Text("このリンクは使えません", "This link does not work any more")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "リンクは発行を受けた本人が、発行から一定時間だけ使えます。ファイルの画面を開き直してください。",
                "A link works for a while, for the person it was made for. Open the page of the file again.",
            )
        )


class NoSuchPage(NotFound):
    """The file has fewer pages."""

    code = "no-such-page"
    title = Text("このページはありません", "There is no such page")


class NotShown(Conflict):
    """The page cannot be drawn, or the text cannot be read, within the limits of a check. The file itself opens."""

    code = "preview-not-possible"
    title = Text("このページは画面に表示できません", "This page cannot be shown here")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "ファイルをダウンロードして確認してください。",
                "Download the file to see it.",
            )
        )
