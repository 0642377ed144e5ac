"""The codes that rules are keyed by, where code has to name them."""

from enum import StrEnum


class Procedure(StrEnum):
    """Procedures (手続) of the Immigration Control Act."""

    COE = "COE"  # 在留資格認定証明書交付申請
    CHANGE = "CHANGE"  # 在留資格変更許可申請
    EXTEND = "EXTEND"  # 在留期間更新許可申請
    ACQUIRE = "ACQUIRE"  # 在留資格取得許可申請
    WORKCERT = "WORKCERT"  # 就労資格証明書交付申請
    REENTRY = "REENTRY"  # 再入国許可申請
    EXTRA_ACT = "EXTRA_ACT"  # 資格外活動許可申請
    PR = "PR"  # 永住許可申請


class Channel(StrEnum):
    """The route by which an application reaches the office."""

    ONLINE = "online"
    COUNTER = "counter"


class Category(StrEnum):
    """Categories of organisations (カテゴリー)."""

    CAT1 = "CAT1"
    CAT2 = "CAT2"
    CAT3 = "CAT3"
    CAT4 = "CAT4"
