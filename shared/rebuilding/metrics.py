"""Metrics of snapshots and rebuilds."""

from prometheus_client import Gauge

SENT = Gauge("zairyu_snapshot_sent_ratio", "Share of the records that the last snapshot of a kind has sent", ["kind"])
RECEIVED = Gauge("zairyu_rebuild_received_ratio", "Share of its rows that the last rebuild has", ["projection"])
SECONDS = Gauge("zairyu_rebuild_seconds", "Time for which a projection has been rebuilt; 0: it is not", ["projection"])
UNKNOWN = Gauge("zairyu_rebuild_unknown_rows", "Rows that the owner did not name in its last snapshot", ["projection"])
