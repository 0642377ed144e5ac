"""Grafana dashboards, from the panels listed below: `python -m deploy.observability.dashboards [--check]`.

A dashboard in JSON is forty lines for each panel, nearly all of them the same. Here a panel is a title, a unit and its
queries; the files in `grafana/` are what Grafana reads (provisioning or import).
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "grafana"
_DATA = {"type": "prometheus", "uid": "${datasource}"}
_WIDTH, _HEIGHT = 8, 8  # three panels a row of Grafana's 24 columns


@dataclass(frozen=True, slots=True)
class Panel:
    """A chart: `queries` are pairs of PromQL and legend. `unit` is Grafana's; `alarm` draws a line from which on it is
    red."""

    title: str
    unit: str
    queries: Sequence[tuple[str, str]]
    alarm: float | None = None


def _quantile(share: str, metric: str, by: str) -> str:
    return f"histogram_quantile({share}, sum by ({by}, le) (rate({metric}_bucket[$__rate_interval])))"


def _rate(metric: str, by: str) -> str:
    return f"sum by ({by}) (rate({metric}[$__rate_interval]))"


def _most(metric: str, by: str) -> str:
    return f"max by ({by}) ({metric})"


_EVENTS = "zairyu_consumer_events_total"
_REQUESTS = "zairyu_http_request_seconds"
_MAILS = "zairyu_notification_attempts_total"
_CHECKS = "zairyu_document_check_seconds"

DASHBOARDS: dict[str, Sequence[Panel]] = {
    "messaging": (
        Panel(
            "Oldest event that waits to be sent",
            "s",
            [(_most("zairyu_outbox_oldest_seconds", "service"), "{{service}}")],
            60,
        ),
        Panel("Events sent", "ops", [(_rate("zairyu_outbox_published_total", "service"), "{{service}}")]),
        Panel("Relays that lead (1 each)", "none", [("sum by (service) (zairyu_relay_leading)", "{{service}}")], 2),
        Panel("Messages behind", "short", [(_most("zairyu_consumer_lag", "group"), "{{group}}")], 1000),
        Panel("Events by outcome", "ops", [(_rate(_EVENTS, "group, outcome"), "{{group}} {{outcome}}")]),
        Panel(
            "From the event to its effect",
            "s",
            [
                (_quantile("0.5", "zairyu_consumer_event_age_seconds", "group"), "{{group}} half"),
                (_quantile("0.95", "zairyu_consumer_event_age_seconds", "group"), "{{group}} 19 of 20"),
            ],
            60,
        ),
        Panel("Dead letters", "short", [(_most("zairyu_dead_letters", "group, status"), "{{group}} {{status}}")], 1),
        Panel(
            "Consumers that stopped, messages refused",
            "short",
            [
                (_most("zairyu_consumer_stopped", "group"), "{{group}} stopped"),
                ("sum by (group, reason) (increase(zairyu_consumer_refused_total[1h]))", "{{group}} {{reason}}"),
            ],
            1,
        ),
        Panel(
            "Partitions, fresh clients in an hour",
            "short",
            [
                ("sum by (group) (zairyu_consumer_assigned_partitions)", "{{group}} partitions"),
                ("sum by (group, why) (increase(zairyu_consumer_restarts_total[1h]))", "{{group}} {{why}}"),
            ],
        ),
        Panel("Relay rounds that failed", "ops", [(_rate("zairyu_relay_failures_total", "service"), "{{service}}")]),
        Panel(
            "Latest timer that is due", "s", [(_most("zairyu_timers_overdue_seconds", "service"), "{{service}}")], 300
        ),
        Panel(
            "Timers",
            "ops",
            [
                (_rate("zairyu_timers_done_total", "service"), "{{service}} done"),
                (_rate("zairyu_timers_failed_total", "service, kind"), "{{service}} {{kind}} failed"),
            ],
        ),
        Panel(
            "Applications that review has not seen", "short", [("max(zairyu_application_unseen)", "applications")], 1
        ),
        Panel("Oldest of them", "s", [("max(zairyu_application_unseen_seconds)", "oldest")]),
        Panel(
            "Journal rows sealed, seals with a time stamp",
            "ops",
            [
                (_rate("zairyu_journal_sealed_rows_total", "service"), "{{service}} rows"),
                (_rate("zairyu_journal_time_stamps_total", "service"), "{{service}} time stamps"),
            ],
        ),
        Panel(
            "Copies of an owner's facts behind",
            "s",
            [(_most("zairyu_projection_behind_seconds", "group, owner"), "{{group}}: {{owner}}")],
            300,
        ),
        Panel(
            "Projections rebuilt: sent, received",
            "percentunit",
            [
                (_most("zairyu_snapshot_sent_ratio", "kind"), "{{kind}} sent"),
                (_most("zairyu_rebuild_received_ratio", "projection"), "{{projection}} received"),
            ],
        ),
        Panel(
            "Rebuilds: time, rows that the owner does not know",
            "short",
            [
                (_most("zairyu_rebuild_seconds", "projection"), "{{projection}} seconds"),
                (_most("zairyu_rebuild_unknown_rows", "projection"), "{{projection}} unknown"),
            ],
            3600,
        ),
        Panel(
            "Contradictions that verification of the journal found",
            "short",
            [(_most("zairyu_journal_contradictions", "service"), "{{service}}")],
            1,
        ),
    ),
    "http": (
        Panel("Requests", "reqps", [(_rate(f"{_REQUESTS}_count", "service"), "{{service}}")]),
        Panel(
            "Answers that are an error of ours",
            "percentunit",
            [
                (
                    f'sum by (service) (rate({_REQUESTS}_count{{status=~"5.."}}[$__rate_interval]))'
                    f" / sum by (service) (rate({_REQUESTS}_count[$__rate_interval]))",
                    "{{service}}",
                )
            ],
            0.01,
        ),
        Panel("Answers by status", "reqps", [(_rate(f"{_REQUESTS}_count", "status"), "{{status}}")]),
        Panel(
            "How long requests take",
            "s",
            [
                (_quantile("0.5", _REQUESTS, "service"), "{{service}} half"),
                (_quantile("0.95", _REQUESTS, "service"), "{{service}} 19 of 20"),
            ],
            2.5,
        ),
        Panel(
            "Slowest routes, 19 of 20 requests",
            "s",
            [
                (
                    f"topk(10, {_quantile('0.95', _REQUESTS, 'service, method, route')})",
                    "{{service}} {{method}} {{route}}",
                )
            ],
        ),
        Panel(
            "Routes that take most time",
            "s",
            [(f"topk(10, {_rate(f'{_REQUESTS}_sum', 'service, method, route')})", "{{service}} {{method}} {{route}}")],
        ),
        Panel(
            "Requests in progress", "short", [("sum by (service) (zairyu_http_requests_in_progress)", "{{service}}")]
        ),
        Panel(
            "Refused before a route",
            "reqps",
            [(_rate("zairyu_http_refused_total", "service, code"), "{{service}} {{code}}")],
        ),
        Panel(
            "Refused by place or block",
            "reqps",
            [
                (_rate("zairyu_place_refusals_total", "reason"), "{{reason}}"),
                (_rate("zairyu_blocked_network_refusals_total", "service"), "blocked network"),
            ],
        ),
        Panel(
            "Age of the country data",
            "s",
            [("time() - min(zairyu_country_data_built_timestamp_seconds > 0)", "age")],
            45 * 86_400,
        ),
        Panel(
            "Counted by one gateway alone",
            "reqps",
            [(_rate("zairyu_shared_limits_failed_total", "service"), "{{service}}")],
        ),
        Panel("Sign-ins", "ops", [(_rate("zairyu_sign_ins_total", "outcome"), "{{outcome}}")]),
        Panel(
            "Tokens of connected systems",
            "ops",
            [(_rate("zairyu_client_tokens_total", "grant, outcome"), "{{grant}} {{outcome}}")],
        ),
        Panel(
            "Age of keys and revocations",
            "s",
            [
                (
                    "time() - min by (service, document) (zairyu_published_fetched_timestamp_seconds)",
                    "{{service}} {{document}}",
                )
            ],
            60,
        ),
        Panel(
            "Usage registration that waits longest",
            "s",
            [(_most("zairyu_usage_registrations_oldest_seconds", "status"), "{{status}}")],
        ),
    ),
    "notification": (
        Panel("Mails that wait", "short", [("max(zairyu_notifications_open)", "mails")]),
        Panel("Longest wait of one that is due", "s", [("max(zairyu_notifications_oldest_seconds)", "oldest")], 900),
        Panel("Attempts", "ops", [(_rate(_MAILS, "outcome"), "{{outcome}}")]),
        Panel(
            "From the message to the relay",
            "s",
            [
                (_quantile("0.5", "zairyu_notification_seconds", "service"), "half"),
                (_quantile("0.95", "zairyu_notification_seconds", "service"), "19 of 20"),
            ],
        ),
        Panel(
            "Templates that are not accepted",
            "ops",
            [
                (
                    f'topk(10, sum by (template, outcome) (rate({_MAILS}{{outcome!="accepted"}}[$__rate_interval])))',
                    "{{template}} {{outcome}}",
                )
            ],
        ),
        Panel(
            "Taken back from senders that died",
            "ops",
            [
                (_rate("zairyu_notifications_reclaimed_total", "service"), "mails"),
                (_rate("zairyu_webhook_messages_reclaimed_total", "service"), "webhooks"),
            ],
        ),
        Panel("Relays in use", "none", [(_most("zairyu_mail_relay_used", "relay"), "{{relay}}")]),
        Panel(
            "Failures of relays",
            "ops",
            [(_rate("zairyu_mail_relay_failures_total", "relay, reason"), "{{relay}} {{reason}}")],
        ),
        Panel(
            "Reports of undelivered mail",
            "ops",
            [(_rate("zairyu_notification_mail_reports_total", "outcome"), "{{outcome}}")],
        ),
        Panel(
            "Addresses to which mail does not arrive",
            "short",
            [("max(zairyu_notification_undeliverable_addresses)", "addresses")],
        ),
        Panel(
            "Since reports were read",
            "s",
            [("time() - max(zairyu_notification_mail_reports_read_seconds > 0)", "last look")],
            900,
        ),
        Panel("Webhooks: messages that wait", "short", [("max(zairyu_webhook_messages_open)", "messages")]),
        Panel("Webhooks: oldest of them", "s", [("max(zairyu_webhook_messages_oldest_seconds)", "oldest")], 21600),
        Panel("Webhooks: attempts", "ops", [(_rate("zairyu_webhook_attempts_total", "outcome"), "{{outcome}}")]),
        Panel(
            "Webhooks: from the message to its acceptance",
            "s",
            [(_quantile("0.95", "zairyu_webhook_seconds", "service"), "19 of 20")],
        ),
        Panel(
            "Webhooks stopped in a day",
            "short",
            [("sum by (reason) (increase(zairyu_webhooks_disabled_total[1d]))", "{{reason}}")],
        ),
    ),
    "documents": (
        Panel(
            "Files checked", "ops", [(_rate("zairyu_document_checks_total", "kind, outcome"), "{{kind}} {{outcome}}")]
        ),
        Panel(
            "How long a check takes",
            "s",
            [
                (_quantile("0.5", _CHECKS, "kind"), "{{kind}} half"),
                (_quantile("0.95", _CHECKS, "kind"), "{{kind}} 19 of 20"),
            ],
        ),
        Panel(
            "Files that wait for a check", "short", [("sum by (lane) (zairyu_document_checks_waiting)", "{{lane}}")], 32
        ),
        Panel(
            "Cores used by checks",
            "none",
            [(_rate("zairyu_document_check_cpu_seconds_total", "instance"), "{{instance}}")],
        ),
        Panel(
            "Checks that ended early",
            "ops",
            [
                (_rate("zairyu_document_check_processes_ended_total", "why"), "{{why}}"),
                (_rate("zairyu_document_checks_dropped_total", "service"), "caller had gone"),
            ],
        ),
        Panel("Scans for malware", "ops", [(_rate("zairyu_document_scans_total", "outcome"), "{{outcome}}")]),
        Panel(
            "Age of the scanner's signatures",
            "s",
            [("time() - max(zairyu_document_signatures_made_seconds > 0)", "signatures")],
            259200,
        ),
        Panel(
            "Oldest file that waits for its scan",
            "s",
            [("max(zairyu_document_scan_waiting_oldest_seconds)", "oldest")],
            600,
        ),
        Panel(
            "Files compared with their hashes",
            "ops",
            [(_rate("zairyu_document_hashes_compared_total", "outcome"), "{{outcome}}")],
        ),
        Panel(
            "Since all files had been compared",
            "s",
            [("time() - max(zairyu_document_hash_round_ended_seconds > 0)", "last round")],
        ),
        Panel(
            "Rows and objects compared in a day",
            "short",
            [("sum by (finding) (increase(zairyu_document_reconciled_total[1d]))", "{{finding}}")],
        ),
        Panel(
            "Oldest file still to be removed",
            "s",
            [("max(zairyu_document_leftover_objects_oldest_seconds)", "oldest")],
            86400,
        ),
        Panel(
            "Objects without a row that were removed",
            "short",
            [("sum(increase(zairyu_document_orphan_objects_total[1d]))", "in a day")],
        ),
    ),
    "review": (
        Panel("Cases that wait", "short", [(_most("zairyu_review_waiting_cases", "wait"), "{{wait}}")]),
        Panel("Of these, longer than the target", "short", [(_most("zairyu_review_late_cases", "wait"), "{{wait}}")]),
        Panel(
            "How long the oldest has waited", "s", [(_most("zairyu_review_waiting_oldest_seconds", "wait"), "{{wait}}")]
        ),
        Panel("Deadlines near or over", "short", [(_most("zairyu_review_concern_cases", "concern"), "{{concern}}")]),
        Panel(
            "Payments that differ from the provider's files",
            "short",
            [("max(zairyu_review_payment_differences)", "differences")],
            1,
        ),
        Panel(
            "Notices of the payment provider",
            "ops",
            [(_rate("zairyu_review_payment_notices_total", "outcome"), "{{outcome}}")],
        ),
        Panel(
            "Drafts past the time of their reminder", "short", [("max(zairyu_application_drafts_untouched)", "drafts")]
        ),
    ),
    "processes": (
        Panel("Processes that answer", "short", [('sum by (service) (up{job="zairyu"})', "{{service}}")]),
        Panel(
            "Checks of /readyz that fail",
            "short",
            [("sum by (service, check) (zairyu_readiness_failing)", "{{service}} {{check}}")],
            1,
        ),
        Panel("Parts that run", "short", [("sum by (service, part) (zairyu_part_running)", "{{service}} {{part}}")]),
        Panel(
            "Parts that ended unasked, in an hour",
            "short",
            [
                (
                    "sum by (service, part, reason) (increase(zairyu_part_restarts_total[1h]))",
                    "{{service}} {{part}} {{reason}}",
                )
            ],
            1,
        ),
        Panel(
            "Database connections in use",
            "percentunit",
            [
                (
                    "max by (service, instance) (zairyu_database_connections_in_use / zairyu_database_connections)",
                    "{{service}} {{instance}}",
                )
            ],
            1,
        ),
        Panel(
            "Cores",
            "none",
            [('sum by (service) (rate(process_cpu_seconds_total{job="zairyu"}[$__rate_interval]))', "{{service}}")],
        ),
        Panel("Memory", "bytes", [('process_resident_memory_bytes{job="zairyu"}', "{{service}} {{instance}}")]),
        Panel(
            "File descriptors",
            "percentunit",
            [('process_open_fds{job="zairyu"} / process_max_fds{job="zairyu"}', "{{service}} {{instance}}")],
            0.8,
        ),
        Panel(
            "Since the start",
            "s",
            [('time() - process_start_time_seconds{job="zairyu"}', "{{service}} {{instance}}")],
        ),
    ),
}


def _chart(number: int, panel: Panel) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if panel.alarm is not None:
        steps.append({"color": "red", "value": panel.alarm})
    custom = {"thresholdsStyle": {"mode": "off" if panel.alarm is None else "line"}}
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": panel.title,
        "datasource": _DATA,
        "gridPos": {"x": number % 3 * _WIDTH, "y": number // 3 * _HEIGHT, "w": _WIDTH, "h": _HEIGHT},
        "fieldConfig": {
            "defaults": {
                "unit": panel.unit,
                "min": 0,
                "custom": custom,
                "thresholds": {"mode": "absolute", "steps": steps},
            },
            "overrides": [],
        },
        "options": {
            "legend": {"displayMode": "list", "placement": "bottom"},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
        "targets": [
            {"refId": chr(ord("A") + place), "datasource": _DATA, "expr": query, "legendFormat": legend}
            for place, (query, legend) in enumerate(panel.queries)
        ],
    }


def dashboard(name: str) -> str:
    """The JSON of a dashboard, as Grafana imports it."""
    source = {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"}
    made = {
        "uid": f"zairyu-{name}",
        "title": f"Zairyu: {name}",
        "tags": ["zairyu"],
        "schemaVersion": 39,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "browser",
        "templating": {"list": [source]},
        "panels": [_chart(number, panel) for number, panel in enumerate(DASHBOARDS[name])],
    }
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write all files; with `--check` on the command line only compare. The exit status."""
    wrong = []
    for name in DASHBOARDS:
        path, wanted = FOLDER / f"{name}.json", dashboard(name)
        if "--check" not in sys.argv:
            path.write_text(wanted)
        elif not path.exists() or path.read_text() != wanted:
            wrong.append(path.name)
    if wrong:
        print(f"deploy/observability/grafana: {', '.join(wrong)} not as in dashboards.py: run make docs")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
