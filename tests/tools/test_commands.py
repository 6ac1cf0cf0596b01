"""The commands: listed with their purpose, every failure shown, the suite split by what it needs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import check, suite

MAKEFILE = Path("Makefile").read_text()
TARGETS = re.findall(r"^([a-z-]+):(.*)$", MAKEFILE, re.MULTILINE)


def test_list_every_command():
    done = subprocess.run(["make", "help"], capture_output=True, text=True, check=True)
    assert {name for name, _ in TARGETS} == set(re.findall(r"m([a-z-]+) +\x1b", done.stdout))


@pytest.mark.parametrize(("name", "rest"), TARGETS)
def test_prepare_the_machine_first(name, rest):
    assert name in {"help", "setup", "setup-tests", "clean"} or " setup" in rest.split("##")[0]


def test_run_nothing_else_in_integration():
    lines = [line for line in Path(".ci/run").read_text().splitlines() if line and not line.startswith("#")]
    assert lines == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "make test"]


def test_pass_numbers_to_the_month():
    asked = ["make", "--dry-run", "month", "INVOICES=40", "SEED=7", "WORKERS=3"]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert "sandbox.month --invoices 40 --seed 7 --workers 3" in done.stdout


def test_show_every_failure(monkeypatch, capsys):
    checks = [_saying("first", 1), _saying("second", 0), _saying("third", 3)]
    monkeypatch.setattr(check, "all_checks", lambda _root: checks)
    assert check.main() == 1
    shown = capsys.readouterr().out
    assert re.findall(r"^(ok|FAIL) +(\w+)", shown, re.MULTILINE) == [
        ("FAIL", "first"),
        ("ok", "second"),
        ("FAIL", "third"),
    ]
    assert "first speaks" in shown
    assert "second speaks" not in shown


def test_pass_when_all_checks_pass(monkeypatch):
    monkeypatch.setattr(check, "all_checks", lambda _root: [_saying("only", 0)])
    assert check.main() == 0


def test_check_every_room_there_is():
    types = next(each for each in check.all_checks(Path.cwd()) if each.name == "types")
    assert {name for name in check.ROOMS if any(Path(name).rglob("*.py"))} <= set(types.command)


def test_split_suite_by_need():
    quick, served, chaos = (part.options for part in suite.parts(fast=False))
    assert quick[quick.index("-m") + 1] == f"not ({suite.SERVERS})"
    assert served[served.index("-m") + 1] == suite.SERVERS
    assert served[served.index("--dist") + 1] == "loadfile"
    assert f"--ignore={suite.CHAOS}" in served
    assert suite.CHAOS in chaos
    assert "-n" not in chaos
    assert [part.name for part in suite.parts(fast=True)] == ["quick"]


def test_count_coverage_over_all_parts_when_asked():
    parts = suite.parts(fast=False)
    assert not any("--cov" in part.command() for part in parts)
    assert all({"--cov", "--cov-append"} <= set(part.command(coverage=True)) for part in parts)


def test_name_failed_tests_once_more(tmp_path):
    report = tmp_path / "said.xml"
    report.write_text(
        '<testsuites><testsuite><testcase classname="tests.a" name="test_x"/>'
        '<testcase classname="tests.b" name="test_y"><failure message="assert 1 == 2&#10;more">long'
        "</failure></testcase>"
        '<testcase classname="tests.c" name="test_z"><error/></testcase></testsuite></testsuites>'
    )
    assert suite.failures(report) == ["tests.b::test_y: assert 1 == 2", "tests.c::test_z: error"]
    assert suite.failures(report.with_name("none.xml")) == ["none: pytest wrote no report"]


def test_leave_nothing_out_of_the_suite():
    """What is ignored in one part is the whole of another; chaos tests all want servers."""
    assert all("pytest.mark.slow" in path.read_text() for path in Path(suite.CHAOS).glob("test_*.py"))


@pytest.mark.parametrize(
    ("statuses", "expected"), [([0, 0, 0], 0), ([1, 0, 0], 1), ([0, 2, 0], 1), ([0, 0, 1], 1), ([0, 5, 0], 0)]
)
def test_fail_when_any_part_failed(monkeypatch, tmp_path, statuses, expected):
    monkeypatch.chdir(tmp_path)
    left = iter(statuses)
    monkeypatch.setattr(sys, "argv", ["suite"])
    monkeypatch.setattr(
        "subprocess.run", lambda command, **_named: subprocess.CompletedProcess(command, next(left), "", "")
    )
    assert suite.main() == expected
    assert next(left, None) is None


def _saying(name: str, status: int) -> check.Check:
    return check.Check(name, (sys.executable, "-c", f"print('{name} speaks'); raise SystemExit({status})"))
