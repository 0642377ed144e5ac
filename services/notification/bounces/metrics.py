"""Metrics of reports about mails."""

from prometheus_client import Counter, Gauge

REPORTS = Counter(
    "zairyu_notification_mail_reports_total",
    "Reports about mails, by outcome: failed, delayed, delivered, auto-reply, not-understood, repeated, forged",
    ["outcome"],
)
LAST_READ = Gauge(
    "zairyu_notification_mail_reports_read_seconds", "Unix time at which the mailbox of reports was last read"
)
