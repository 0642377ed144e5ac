"""Scopes that an API client (外部システム) may be granted: those of its access tokens, with the words people read.

A scope is `<service>:read` or `<service>:write`; `shared.auth` asks for it at every route. A route may ask for one more
besides, as `notification:webhooks`. What is not listed is never granted. `registration:write` is missing on purpose: no
client changes who somebody is or how they sign in.
"""

from dataclasses import dataclass

from shared.errors import Text


@dataclass(frozen=True, slots=True)
class Scope:
    """One thing that may be granted; `name` is what a person reads before they agree."""

    code: str
    name: Text


_ALL = (
    Scope("application:read", Text("申請とその進捗を閲覧する", "Read applications and their progress")),
    Scope("application:write", Text("申請を作成・提出・取下げする", "Prepare, file and withdraw applications")),
    Scope("document:read", Text("添付した写真と書類を閲覧する", "Read the photos and documents you added")),
    Scope("document:write", Text("写真と書類を追加・削除する", "Add and delete photos and documents")),
    Scope(
        "notification:read",
        Text("お知らせとWebhookの送信状況を閲覧する", "Read which messages were sent, also to webhooks"),
    ),
    Scope(
        "notification:write",
        Text("Webhookの動作を確認し、通知を再送する", "Try webhooks out and have messages sent again"),
    ),
    Scope(
        "notification:webhooks",
        Text("自らのWebhookを登録・変更・削除する", "Add, change and remove webhooks of its own"),
    ),
    Scope("registration:read", Text("氏名・連絡先と所属を閲覧する", "Read your name, contact details and memberships")),
)
SCOPES = {scope.code: scope for scope in _ALL}
