"""Errors of requests about broadcasts."""

from services.notification.broadcasts.domain import State
from shared.errors import Conflict, Forbidden, Text

_IN_STATE = {
    State.DRAFT: Text("下書きです", "It is a draft"),
    State.PROPOSED: Text("承認待ちです", "It waits for approval"),
    State.SCHEDULED: Text("承認済みで、送信を待っています", "It is approved and waits for its time"),
    State.SENDING: Text("送信中です", "It is being sent"),
    State.SENT: Text("送信済みです", "It has been sent"),
    State.STOPPED: Text("中止されています", "It was stopped"),
}


class StepNotPossible(Conflict):
    """The broadcast is in a state in which this step is not possible."""

    code = "step-not-possible"
    title = Text("このお知らせは、現在その操作ができません", "This is not possible for the broadcast now")

    def __init__(self, state: State) -> None:
        super().__init__(_IN_STATE[state])


class NotResumable(Conflict):
    """The broadcast was never approved, or was stopped too long ago."""

    code = "not-resumable"
    title = Text("このお知らせは再開できません", "This broadcast cannot be resumed")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "承認される前に中止されたか、再開できる期間を過ぎています。新しいお知らせを作成してください",
                "It was stopped before it was approved, or too long ago: write a new one",
            )
        )


class NotTheLatest(Conflict):
    """The approver read an earlier version than the one that is proposed."""

    code = "not-the-latest"
    title = Text("提案の内容が変わっています", "What is proposed has changed")

    def __init__(self) -> None:
        super().__init__(Text("読み直してから承認してください", "Read it again, then approve"))


class OwnBroadcast(Forbidden):
    """The operator wrote or proposed it."""

    code = "four-eyes"
    title = Text("自分が作成したお知らせは承認できません", "You wrote this broadcast and may not approve it")

    def __init__(self) -> None:
        super().__init__(Text("別の運用担当者に承認を依頼してください", "Another operator has to approve it"))


class TooLate(Conflict):
    """The time to send, or the end of the banner, has passed."""

    code = "too-late"
    title = Text("日時を過ぎています", "The time has passed")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "差し戻して、送信日時と表示期間を直してください",
                "Send it back, and correct the time to send and the time of the banner",
            )
        )
