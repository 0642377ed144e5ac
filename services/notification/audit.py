"""Audit tags of the notification service."""

from shared.journal import AuditTag


class Tag(AuditTag):
    """All tags of the notification service."""

    CREATE = "notification:create"
    SEND = "notification:send"
    FAIL = "notification:fail"
    RECLAIM = "notification:reclaim"
    RESEND = "notification:resend"
    SEARCH = "notification:search"
    READ = "notification:read"
    RELEASE = "notification:release"
    SUMMARISE = "notification:summarise"
    CHOOSE = "message_choice:change"
