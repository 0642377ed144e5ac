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
    RETURN = "notification:return"
    RELEASE = "notification:release"
    SUMMARISE = "notification:summarise"
    SEARCH_ADDRESSES = "undeliverable_address:search"
    SUPPRESS = "undeliverable_address:suppress"
    TEST_ADDRESS = "undeliverable_address:test"
    CONFIRM_ADDRESS = "undeliverable_address:confirm"
    LIFT = "undeliverable_address:lift"
    WITHDRAW = "notification:withdraw"
    BROADCAST_WRITE = "broadcast:write"
    BROADCAST_CHANGE = "broadcast:change"
    BROADCAST_PROPOSE = "broadcast:propose"
    BROADCAST_SEND_BACK = "broadcast:send_back"
    BROADCAST_APPROVE = "broadcast:approve"
    BROADCAST_START = "broadcast:start"
    BROADCAST_HAND_OVER = "broadcast:hand_over"
    BROADCAST_FINISH = "broadcast:finish"
    BROADCAST_STOP = "broadcast:stop"
    BROADCAST_END_BANNER = "broadcast:end_banner"
    CHOOSE = "message_choice:change"
    WEBHOOK_ADD = "webhook:add"
    WEBHOOK_CHANGE = "webhook:change"
    WEBHOOK_SECRET_ADD = "webhook:add_secret"  # noqa: S105 - what was done, and no secret
    WEBHOOK_SECRET_END = "webhook:end_secret"  # noqa: S105 - what was done, and no secret
    WEBHOOK_ENABLE = "webhook:enable"
    WEBHOOK_DISABLE = "webhook:disable"
    WEBHOOK_REMOVE = "webhook:remove"
    WEBHOOK_PING = "webhook:ping"
    WEBHOOK_SEND_AGAIN = "webhook:send_again"
