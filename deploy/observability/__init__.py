"""Prometheus settings and alerts, and Grafana dashboards, for the processes of a site."""
