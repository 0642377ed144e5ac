"""Errors of requests about webhooks."""

from shared.errors import Conflict, Forbidden, Text


class TooManyWebhooks(Conflict):
    """The owner has as many webhooks as one may have."""

    code = "too-many-webhooks"
    title = Text("登録できるWebhookは10件までです", "There are ten webhooks already")

    def __init__(self) -> None:
        super().__init__(Text("不要なWebhookを先に削除してください", "Remove webhooks that nobody needs first"))


class WebhookStopped(Conflict):
    """Nothing is sent to a webhook that is disabled."""

    code = "webhook-disabled"
    title = Text("このWebhookは停止しています", "This webhook is disabled")

    def __init__(self) -> None:
        super().__init__(Text("先に再開してください", "Enable it first"))


class StillWaiting(Conflict):
    """The message has not ended: it is sent anyway."""

    code = "still-waiting"
    title = Text("この通知は送信待ちです", "This message is still waiting to be sent")

    def __init__(self) -> None:
        super().__init__(Text("送信が終わってから再送してください", "Wait until it has ended, and send it again then"))


class TwoSecrets(Conflict):
    """The secret before the last one still signs."""

    code = "two-secrets"
    title = Text("シークレットは2つまでです", "There are two secrets already")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "古いシークレットが終了してから追加してください", "Wait until the earlier one has ended, or end it now"
            )
        )


class RegistrationOver(Forbidden):
    """Somebody whose registration is over may read, and have nothing new sent."""

    code = "registration-expired"
    title = Text("利用の有効期限が切れています", "The registration is no longer valid")


class AnothersWebhook(Forbidden):
    """A system changes the webhooks that it added, and no other."""

    code = "webhook-of-another"
    title = Text("このWebhookは他の者が登録したものです", "This webhook was added by somebody else")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "外部システムが変更できるのは、自ら登録したWebhookのみです",
                "A system changes the webhooks that it added itself; people change all of them",
            )
        )


class NotForOthers(Forbidden):
    """A system that acts for a person manages no webhooks: they are between the owner and the owner's systems."""

    code = "owners-system-only"
    title = Text(
        "本人または登録済みの外部システムのみが利用できます", "For people themselves and their own systems alone"
    )
