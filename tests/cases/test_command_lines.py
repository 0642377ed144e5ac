"""Command lines answer a mistake in one line."""

import os
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from deploy.local.ports import Ports
from deploy.local.problems import StackProblem
from deploy.local.stack import LocalStack
from shared.reference.__main__ import main as reference
from tests.support import keys
from tests.support.forked import run_module

ROOT = Path(__file__).resolve().parents[2]
_LETTER = "0190a0b0-0000-7000-8000-000000000000"
_OFFICER = ("create", "--login-id", "a.tyo", "--role", "examiner", "--office", "TYO")


def _run(*command: str, **variables: str) -> CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ZAIRYU_")} | variables
    return run_module(*command, environment=environment, directory=ROOT)


@pytest.mark.server
@pytest.mark.parametrize(
    "command",
    [
        ("services.registration",),
        ("services.review",),
        ("services.registration.officers", *_OFFICER),
        ("services.registration.officers", "second-factor", "--login-id", "a.tyo"),
        ("services.registration.signing_keys", "list"),
    ],
)
def test_missing_setting_is_named_by_its_variable(command: tuple[str, ...]) -> None:
    """[newcomers readme] Each variable that must be set has its line, and no password is asked before."""
    done = _run(*command)
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert "ZAIRYU_DATABASE_URL is not set (the service's own database, as its own role (asyncpg URL))" in lines
    assert all(line.startswith("ZAIRYU_") for line in lines)


_AWAY = "postgresql+asyncpg://nobody:nothing@127.0.0.1:1/nowhere"


@pytest.mark.server
@pytest.mark.parametrize(
    "command",
    [
        ("shared.messaging", "letters", "list", "--service", "review"),
        ("shared.messaging", "letters", "show", "--service", "review", _LETTER),
        ("shared.messaging", "letters", "replay", "--service", "review", "--all"),
        ("shared.messaging", "letters", "drop", "--service", "review", _LETTER, "--reason", "entered twice"),
        ("shared.journal", "verify"),
        ("shared.journal", "replay", "review"),
    ],
)
def test_database_that_does_not_answer_is_said_in_a_line(command: tuple[str, ...]) -> None:
    """[faults 33, newcomers readme] No traceback, and the variable to look at."""
    done = _run(*command, **keys.environment("review"), ZAIRYU_DATABASE_URL=_AWAY)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("the database does not answer (ConnectionRefusedError): check ")
    assert "ZAIRYU_DATABASE_URL" in line


@pytest.mark.server
@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("shared.messaging", "letters", "list", "--service", "nope"), "there is no service 'nope'"),
        (("shared.messaging", "letters", "list", "--service", "gateway"), "gateway handles no events"),
        (("shared.messaging", "letters", "drop", "--service", "review", _LETTER, "--reason", " "), "say why"),
        (("shared.journal", "replay", "gateway"), "no service with tables is called 'gateway'"),
        (("shared.journal", "--url", "mysql://x", "verify"), "the database's address is not postgresql+asyncpg://"),
        (("shared.journal", "--url", "nonsense", "verify"), "the database's address is not postgresql+asyncpg://"),
    ],
)
def test_mistake_at_an_operators_command_is_explained(command: tuple[str, ...], said: str) -> None:
    """[faults 33, newcomers readme] The last line says what is wrong, and there is no traceback."""
    done = _run(*command, **keys.environment("registration"), ZAIRYU_DATABASE_URL=_AWAY)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert said in done.stderr.splitlines()[-1]


@pytest.mark.server
def test_wrong_setting_is_named_without_its_value() -> None:
    """[newcomers readme]"""
    done = _run("services.gateway", ZAIRYU_PORT="eighty")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("ZAIRYU_PORT cannot be used: Input should be a valid integer")
    assert "eighty" not in done.stderr


@pytest.mark.server
def test_keys_that_are_none_are_named_without_being_shown() -> None:
    """[attacks F10, attacks F3] a private key where a public one belongs is in no message."""
    wrong = keys.environment("registration")
    wrong |= {"ZAIRYU_EVENT_KEY": "private-AAAA", "ZAIRYU_EVENT_PUBLIC_KEYS": f"review={keys.SEALING_KEY}"}
    wrong |= {"ZAIRYU_SEALING_KEY": "secret", "ZAIRYU_VAULT_KEY": "AAAA"}
    done = _run("services.registration", ZAIRYU_DATABASE_URL="postgresql+asyncpg://x@127.0.0.1/x", **wrong)
    assert done.returncode == 1
    assert [line.partition(" ")[0] for line in sorted(done.stderr.splitlines())] == [
        "ZAIRYU_EVENT_KEY",
        "ZAIRYU_EVENT_PUBLIC_KEYS",
        "ZAIRYU_SEALING_KEY",
        "ZAIRYU_VAULT_KEY",
    ]
    assert "AAAA" not in done.stderr
    assert keys.SEALING_KEY not in done.stderr


@pytest.mark.server
def test_password_without_a_terminal_is_explained() -> None:
    """[newcomers readme]"""
    done = _run(
        "services.registration.officers",
        *_OFFICER,
        ZAIRYU_DATABASE_URL="postgresql+asyncpg://x@127.0.0.1/x",
        **keys.environment("registration"),
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip().endswith("no password was given: use a terminal, or --password-stdin")


@pytest.mark.server
def test_command_finds_the_ports_of_the_stack_by_its_directory(tmp_path: Path) -> None:
    """[newcomers readme] No variable has to be given again, wherever the stack listens."""
    ports = Ports.free()
    stack = LocalStack(tmp_path, ports, services=("review",), durable=False)
    stack.lock()
    try:
        stack.postgres.start()
        shown = ("python", "-c", "import os; print(os.environ['ZAIRYU_DATABASE_URL'])")
        done = _run("deploy.local.run", "--directory", str(tmp_path), "review", *shown)
    finally:
        stack.stop()
    assert (done.returncode, done.stderr) == (0, "")
    assert f":{ports.postgres}/" in done.stdout


@pytest.mark.server
def test_command_without_a_stack_says_how_to_start_one(tmp_path: Path) -> None:
    """[newcomers readme]"""
    done = _run("deploy.local.run", "--directory", str(tmp_path), "review", "python")
    assert done.returncode == 1
    assert done.stderr == f"error: no stack runs on {tmp_path}: start one with `make up` or `make demo`\n"


@pytest.mark.server
def test_option_after_the_service_says_where_it_goes() -> None:
    """[newcomers readme]"""
    done = _run("deploy.local.run", "review", "--directory", "x")
    assert done.returncode == 2
    assert "--directory goes before the service" in done.stderr


def test_base_of_ports_that_is_too_high_is_named() -> None:
    """[newcomers readme]"""
    with pytest.raises(StackProblem, match="ZAIRYU_LOCAL_PORT_BASE=65500 leaves no room for all ports: give at most"):
        Ports.from_environment({"ZAIRYU_LOCAL_PORT_BASE": "65500"})


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("fee EXTEND 2025-03-31", "EXTEND online: 4,000 yen [Fees until 2025-03-31]"),
        ("fee EXTEND 2025-04-01", "EXTEND online: 5,500 yen"),
        ("fee EXTEND 2026-09-30 --stay Y3", "EXTEND online: 5,500 yen"),
        ("fee EXTEND 2026-10-01 --stay Y3", "EXTEND online 3 years, under 5 years: 56,000 yen"),
        ("fee EXTEND 2026-10-01", "EXTEND counter 5 years or more: 75,000 yen"),
        ("fee EXTEND 2026-10-01 --stay Y3", "56,000 yen, and 550 yen for paying it"),
        ("fee EXTEND 2026-10-01", "EXTEND counter Reduction for hardship: 10,000 yen"),
        ("documents EXTEND ENG_HUM_INT --category CAT1", "required: "),
        ("documents CHANGE HSP1_B --activity M1 --group CAT4", "required: BIZ_PLAN: "),
        ("documents COE LTR", "Group of the notice on long-term residents: OTHER of DESCENDANT, "),
        ("periods SSW1 2025-09-29", "SSW1: Y1, M6, M4"),
        ("periods STUDENT 2026-11-29", "STUDENT: 1 month to 4 years 3 months, in whole months"),
        ("on 2026-11-29 --procedure EXTEND --status SSW2", "  status=SSW2, choices=Y3 Y2 Y1 M6 [ISA notice"),
        ("on 2025-04-01 --procedure EXTEND", "  procedure=EXTEND, channel=online, yen=5500 [ISA guide"),
        (
            "changes 2026-06-13 2026-06-14",
            "2026-06-14 photo_ages: begins: procedure=EXTEND, from_age=1 (was from_age=16)",
        ),
        ("changes 2026-09-30 2026-10-01", "2026-10-01 fees: ends: procedure=EXTEND, channel=online, yen=5500"),
        ("office 愛知県名古屋市中区1-1", "NGY: 名古屋出入国在留管理局"),
        ("changes 2025-03-31 2025-04-01", "2025-04-01 fees: begins: procedure=EXTEND, channel=online, yen=5500"),
    ],
)
def test_question_about_a_rule_is_answered(question: str, answer: str, capsys: pytest.CaptureFixture[str]) -> None:
    """[newcomers readme] A lawyer asks what holds on a day."""
    assert reference(question.split()) == 0
    assert answer in capsys.readouterr().out


def test_what_holds_on_a_day_is_limited_to_the_procedure_and_the_status(capsys: pytest.CaptureFixture[str]) -> None:
    """[newcomers readme]"""
    assert reference(["on", "2026-11-29", "--procedure", "EXTEND", "--status", "STUDENT"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any("STU_GRADES" in line for line in lines)
    assert not any("ENG_HUM_INT" in line or "procedure=COE" in line for line in lines)


def test_question_without_an_answer_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    """[newcomers readme]"""
    assert reference(["office", "港区芝1-1"]) == 1
    assert capsys.readouterr().err == "the address begins with no prefecture\n"
