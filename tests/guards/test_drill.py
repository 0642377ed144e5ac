"""The runbook of a restore and the drill that follows it are one."""

import re

from deploy.drill import runbook
from tests.guards.sources import ROOT

PAGE = (ROOT / "docs/operations/restore.md").read_text()
PROGRAM = (ROOT / "deploy/drill/__main__.py").read_text()


def test_the_drill_has_the_steps_of_the_page_in_its_order() -> None:
    assert tuple(re.findall(r"^### (.+)$", PAGE, re.MULTILINE)) == runbook.STEPS


def test_the_page_has_the_commands_of_the_drill_and_no_others() -> None:
    written = [line for block in re.findall(r"```\w*\n(.+?)```", PAGE, re.DOTALL) for line in block.splitlines()]
    assert sorted(written) == sorted(runbook.COMMANDS)


def test_the_drill_takes_every_step_in_order() -> None:
    """By the order in which its functions run: `live`, `restore`, `run` (the start), `check`."""
    names = {value: name for name, value in vars(runbook).items() if isinstance(value, str)}
    body = {
        name: PROGRAM.split(f"    def {name}(")[1].split("\n    def ")[0]
        for name in ("live", "restore", "run", "check")
    }
    taken = [found for part in body.values() for found in re.findall(r"step\(runbook\.([A-Z_]+)\)", part)]
    assert taken == [names[step] for step in runbook.STEPS]


def test_the_drill_runs_every_command() -> None:
    names = [name for name, value in vars(runbook).items() if value in runbook.COMMANDS or value is runbook.RECOVERY]
    assert [name for name in names if f"runbook.{name}" not in PROGRAM] == []
