"""Problems of holds and erasures."""

from shared.errors import Conflict, FieldProblem, Invalid, Text


class AlreadyLifted(Conflict):
    """The hold was lifted before."""

    code = "hold-lifted"
    title = Text("この保全は既に解除されています", "This hold was lifted before")


class ArchiveInProgress(Conflict):
    """Files of the owner are still being checked: they would come after the erasure."""

    code = "archive-in-progress"
    title = Text("確認中のZIPファイルがあります", "A ZIP file is still being checked")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "確認が終わってから、もう一度消去を請求してください。通常は数分で終わります。",
                "Ask again when its check is over. It usually takes some minutes.",
            )
        )


class RequestMissing(Invalid):
    """The office erases by a request that it has received: it names it."""

    def __init__(self, *names: str) -> None:
        said = Text("請求を受け付けた記録を指定してください", "Say which request the office has received")
        super().__init__(fields=[FieldProblem(f"/{name}", "required", said) for name in names])


class OwnFilesAlone(Invalid):
    """A person has their own files erased, and names neither a record nor a request."""

    def __init__(self, *names: str) -> None:
        said = Text("窓口の職員だけが指定できます。空にしてください", "Only the office gives this: leave it out")
        super().__init__(fields=[FieldProblem(f"/{name}", "not-yours", said) for name in names])
