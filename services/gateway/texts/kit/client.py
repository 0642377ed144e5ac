"""The time to wait after too many attempts."""

from shared.errors import Text

TEXTS = {
    "wait_a_little": Text(
        "試行回数が多すぎます。しばらく待ってからもう一度お試しください",
        "Too many attempts. Wait a moment, then try again",
    ),
    "wait_seconds": Text(
        "試行回数が多すぎます。{seconds}秒待ってからもう一度お試しください",
        "Too many attempts. Wait {seconds} seconds, then try again",
    ),
    "wait_minutes": Text(
        "試行回数が多すぎます。約{minutes}分待ってからもう一度お試しください",
        "Too many attempts. Wait about {minutes} minutes, then try again",
    ),
}
