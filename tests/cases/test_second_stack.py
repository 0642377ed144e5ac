"""A second stack on the data of a running one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.local.ports import Ports
from deploy.local.problems import StackProblem
from deploy.local.stack import LocalStack
from deploy.local.system import running_system


def _system(directory: Path) -> None:
    with running_system(directory, Ports.free(), services=()):
        pytest.fail("the second stack started")


def _context(directory: Path) -> None:
    with LocalStack(directory, Ports.free(), services=()):
        pytest.fail("the second stack started")


@pytest.mark.server
@pytest.mark.parametrize("second", [_system, _context])
def test_refused_second_stack_ends_no_server_of_the_first(second: Callable[[Path], None], tmp_path: Path) -> None:
    """[newcomers S1-2] The refusal comes at once, and every process of the first stack lives on."""
    first = LocalStack(tmp_path, Ports.free(), services=(), durable=False)
    first.lock()
    try:
        first.mailbox.start()
        before = first.mailbox.process.pid
        assert before is not None
        with pytest.raises(StackProblem, match="already runs on"):
            second(tmp_path)
        assert first.mailbox.process.pid == before
    finally:
        first.stop()
    assert first.mailbox.process.pid is None
