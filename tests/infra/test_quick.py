"""`make quick` runs the tests without the mark `server`: none starts a server, and none is left out by mistake."""

from pathlib import Path

import pytest

from deploy.local.smtp import Mailbox
from tests.conftest import SERVERS_THROUGHOUT, SYSTEM_THROUGHOUT

ROOT = Path(__file__).resolve().parents[2]


def test_a_test_without_the_mark_starts_no_server(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path, 1)
    with pytest.raises(
        pytest.fail.Exception, match="starts mailbox: name the fixture as an argument, or mark the test"
    ):
        mailbox.start()
    assert not mailbox.running()


def test_make_quick_leaves_out_marked_tests_and_no_others() -> None:
    assert '-m "not server"' in (ROOT / "Makefile").read_text()


def test_no_test_is_in_neither_target_nor_in_both() -> None:
    """`make test` and `make test-system` share the tests outside a browser between them."""
    makefile = (ROOT / "Makefile").read_text()
    for chosen in ('-m "not system"', "-m system"):
        assert f"-n $(WORKERS) {chosen} --ignore=tests/browser" in makefile
    assert "for target in test test-system test-browser" in (ROOT / ".ci" / "run").read_text()


@pytest.mark.parametrize(
    ("folders", "mark"), [(SERVERS_THROUGHOUT, "server"), (SYSTEM_THROUGHOUT, "system")], ids=["server", "system"]
)
def test_folders_that_a_target_does_not_collect_hold_marked_tests_alone(
    folders: set[str], mark: str, request: pytest.FixtureRequest
) -> None:
    """Also where some tests alone are asked for: then it says something about those."""
    left_out = [ROOT / "tests" / name for name in folders]
    assert all(folder.is_dir() for folder in left_out)
    inside = [item for item in request.session.items if any(item.path.is_relative_to(folder) for folder in left_out)]
    assert [item.nodeid for item in inside if item.get_closest_marker(mark) is None] == []
