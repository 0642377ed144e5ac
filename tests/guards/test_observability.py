"""Alerts, dashboards and runbooks name metrics that exist, with their labels; every alert is shown at work."""

import ast
import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.observability.dashboards import DASHBOARDS, FOLDER, dashboard
from tests.guards.sources import ROOT, calls, python_files

OBSERVABILITY = ROOT / "deploy/observability"
RUNBOOKS = ROOT / "docs/operations/runbooks.md"
# What Prometheus and its client add by themselves.
BY_PROMETHEUS = {
    "up",
    "process_open_fds",
    "process_max_fds",
    "process_cpu_seconds_total",
    "process_resident_memory_bytes",
    "process_start_time_seconds",
    "ALERTS",
}
BY_TARGET = {"job", "instance", "service", "le"}
_METRIC = re.compile(r"\b(zairyu_[a-z_]+|process_[a-z_]+|up(?=\{))")


@cache
def declared() -> dict[str, frozenset[str]]:
    """Every metric of the code by the names under which Prometheus knows it, with its labels."""
    found: dict[str, frozenset[str]] = {}
    for path in python_files("services", "shared"):
        for call in calls(path):
            match call.args:
                case [ast.Constant(value=str(name)), ast.Constant(value=str()), *rest] if name.startswith("zairyu_"):
                    labels = frozenset(ast.literal_eval(rest[0])) if rest else frozenset()
                    found[name] = labels
                    if isinstance(call.func, ast.Name) and call.func.id == "Histogram":
                        found |= {f"{name}_{part}": labels for part in ("bucket", "count", "sum")}
    return found


@cache
def _alerts() -> dict[str, dict[str, Any]]:
    groups = yaml.safe_load((OBSERVABILITY / "alerts.yml").read_text())["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


def _queries() -> dict[str, str]:
    alerts = {name: rule["expr"] for name, rule in _alerts().items()}
    panels = {
        f"{name}: {panel.title} {number}": query
        for name, every in DASHBOARDS.items()
        for panel in every
        for number, (query, _) in enumerate(panel.queries)
    }
    return alerts | panels


def flaws(query: str) -> list[str]:
    """Metrics, labels and values of labels in a query that the code does not have."""
    found = []
    named = set(_METRIC.findall(query))
    known = declared()
    found += [f"no metric {name}" for name in named - known.keys() - BY_PROMETHEUS]
    labels = BY_TARGET.union(*(known.get(name, ()) for name in named))
    for selector in re.findall(r"\{([^}]*)\}", query):
        for label, values in re.findall(r"(\w+)\s*[=!]~?\s*\"([^\"]*)\"", selector):
            if label not in labels:
                found.append(f"no label {label}")
            elif label not in BY_TARGET:
                written = [value for value in values.split("|") if re.fullmatch(r"[a-z][a-z0-9:_-]*", value)]
                found += [f"no value {value} of {label}" for value in written if value not in _texts()]
    for grouped in re.findall(r"\bby \(([^)]*)\)", query):
        found += [f"no label {label}" for label in re.split(r",\s*", grouped) if label not in labels]
    return found


@cache
def _texts() -> frozenset[str]:
    """The texts of the code. Kinds of recurring timers are made of their names."""
    texts: set[str] = set()
    for path in python_files("services", "shared"):
        texts.update(re.findall(r"\"([a-z0-9_:-]+)\"", path.read_text()))
    return frozenset(texts | {f"job:{text}" for text in texts})


def _anchor(heading: str) -> str:
    return heading.lower().replace(" ", "-")


@cache
def _sections() -> dict[str, str]:
    parts = re.split(r"^## (.+)$", RUNBOOKS.read_text(), flags=re.MULTILINE)[1:]
    return {_anchor(heading): text for heading, text in zip(parts[::2], parts[1::2], strict=True)}


@pytest.mark.parametrize("place", sorted(_queries()))
def test_queries_name_metrics_and_labels_of_the_code(place: str) -> None:
    assert flaws(_queries()[place]) == []


@pytest.mark.parametrize(
    ("query", "flaw"),
    [
        ("max(zairyu_outbox_newest_seconds)", "no metric zairyu_outbox_newest_seconds"),
        ("sum by (topic) (zairyu_consumer_lag)", "no label topic"),
        ('zairyu_dead_letters{state="parked"}', "no label state"),
        ('zairyu_dead_letters{status="lost-for-good"}', "no value lost-for-good of status"),
        ("rate(zairyu_consumer_lag_bucket[5m])", "no metric zairyu_consumer_lag_bucket"),
    ],
)
def test_a_wrong_query_is_found(query: str, flaw: str) -> None:
    assert flaws(query) == [flaw]


def test_documents_and_runbooks_name_metrics_that_exist() -> None:
    wrong = {
        f"{page.name}: {name}"
        for page in (ROOT / "docs").rglob("*.md")
        for name in re.findall(r"`(zairyu_[a-z_]+)[`{]", page.read_text())
        if name not in declared() and name not in _NO_METRICS
    }
    assert wrong == set()


# Names in documents that begin alike.
_NO_METRICS = {"zairyu_session", "zairyu_language", "zairyu_client"}


def test_every_metric_is_on_a_dashboard_or_in_an_alert() -> None:
    shown = " ".join(_queries().values())
    assert {name for name in declared() if re.sub("_(bucket|count|sum)$", "", name) not in shown} == set()


def test_every_alert_has_severity_time_summary_and_a_section_of_the_runbook() -> None:
    sections = _sections()
    named: set[str] = set()
    for name, rule in _alerts().items():
        assert rule["labels"]["severity"] in {"critical", "warning"}, name
        assert re.fullmatch(r"\d+[mh]", rule["for"]), name
        assert rule["annotations"]["summary"], name
        page, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert (page, f"`{name}`" in sections.get(anchor, "")) == ("docs/operations/runbooks.md", True), name
        named.add(anchor)
    assert named == sections.keys(), "a section without an alert"


def test_every_section_says_what_it_means_where_to_look_and_what_to_do() -> None:
    for anchor, text in _sections().items():
        assert re.search(r"\*\*Means\*\*.*\*\*Look\*\*.*\*\*Do\*\*", text, re.DOTALL), anchor


def test_every_alert_is_shown_at_work() -> None:
    files = OBSERVABILITY.glob("alerts*_test.yml")
    shown = {test["name"] for file in files for test in yaml.safe_load(file.read_text())["tests"]}
    assert shown == {"nothing is wrong", *_alerts()}


def test_dashboards_are_those_of_the_code() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == DASHBOARDS.keys()
    for name in DASHBOARDS:
        assert (FOLDER / f"{name}.json").read_text() == dashboard(name), "run make docs"
        panels = json.loads(dashboard(name))["panels"]
        assert len({panel["id"] for panel in panels}) == len(panels)


@pytest.mark.server
def test_prometheus_accepts_alerts_and_settings_and_fires_each_alert(tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is missing (Debian: prometheus)")
    for command in (
        ["check", "config", "prometheus.yml"],
        ["test", "rules", "alerts_test.yml", "alerts_days_test.yml"],
    ):
        ran = subprocess.run(
            [promtool, *command], cwd=OBSERVABILITY, capture_output=True, text=True, timeout=300, check=False
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
