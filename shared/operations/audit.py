"""Audit tags of what operators do; `aggregate_id` is the order, or the round that was ordered."""

from shared.journal.tags import AuditTag


class OperationsTag(AuditTag):
    """Every change that an operator makes on the board."""

    ORDER = "letters:order"
    PROPOSE = "letters:propose"
    APPROVE = "letters:approve"
    WITHDRAW = "letters:withdraw"
    FINISH = "letters:finish"
    SNAPSHOT = "snapshots:order"
    STOP_SNAPSHOT = "snapshots:stop"
    FINISH_SNAPSHOT = "snapshots:finish"
    REBUILD = "rebuilds:begin"
    APPROVE_REBUILD = "rebuilds:approve"
    GIVE_UP_REBUILD = "rebuilds:give_up"
    FINISH_REBUILD = "rebuilds:finish"
    VERIFY = "journal:order_verification"
