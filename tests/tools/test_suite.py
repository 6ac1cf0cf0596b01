"""The suite asks a few tests that broke off once more; an assertion that failed, or failing again, is a failure."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tools import suite
from tools.suite import Part, broken_off, passed_alone

HERE = "tests.tools.test_suite"


def report(folder: Path, *names: str, module: str = HERE, said: str = "TimeoutException: no") -> Path:
    cases = "".join(
        f'<testcase classname="{module}" name="{name}"><failure message="{said}"/></testcase>' for name in names
    )
    passed = f'<testcase classname="{HERE}" name="test_fine"/>'
    path = folder / "served.xml"
    path.write_text(f"<testsuites><testsuite>{passed}{cases}</testsuite></testsuites>", encoding="utf-8")
    return path


@pytest.fixture
def part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Part:
    """Return a part whose report lies in a folder of its own."""
    monkeypatch.setattr(Part, "report", property(lambda self: tmp_path / f"{self.name}.xml"))
    return Part("served", (), asks_again=True)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return the commands that were run; what asks for `test_bad` fails."""
    commands: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(
            command, returncode=1 if "tests/tools/test_suite.py::test_bad" in command else 0
        )

    monkeypatch.setattr(suite.subprocess, "run", run)
    return commands


def test_broken_off_are_named_as_pytest_is_asked(tmp_path: Path) -> None:
    found = broken_off(report(tmp_path, "test_a[/x y]", "test_b"))
    assert found == ["tests/tools/test_suite.py::test_a[/x y]", "tests/tools/test_suite.py::test_b"]


def test_what_is_no_test_of_a_file_is_not_asked_again(tmp_path: Path) -> None:
    assert broken_off(report(tmp_path, "collection", module="")) == []
    assert broken_off(tmp_path / "none.xml") == []


@pytest.mark.parametrize("said", ["AssertionError: assert 2 == 1", "assert False", "AssertionError: sent twice"])
def test_an_assertion_is_never_asked_again(part: Part, asked: list[list[str]], tmp_path: Path, said: str) -> None:
    report(tmp_path, "test_a", said=said)
    assert passed_alone(part) == []
    assert asked == []


def test_few_that_pass_alone_are_told(part: Part, asked: list[list[str]], tmp_path: Path) -> None:
    report(tmp_path, "test_a", "test_b")
    assert passed_alone(part) == ["tests/tools/test_suite.py::test_a", "tests/tools/test_suite.py::test_b"]
    [command] = asked
    assert command[-2:] == passed_alone(part)
    assert "-n" not in command


def test_one_that_fails_again_has_failed(part: Part, asked: list[list[str]], tmp_path: Path) -> None:
    report(tmp_path, "test_a", "test_bad")
    assert passed_alone(part) == []
    assert len(asked) == 1


def test_many_are_no_crowd(part: Part, asked: list[list[str]], tmp_path: Path) -> None:
    report(tmp_path, *(f"test_{number}" for number in range(5)))
    assert passed_alone(part) == []
    assert asked == []


def test_tests_without_servers_are_not_asked_again(part: Part, asked: list[list[str]], tmp_path: Path) -> None:
    report(tmp_path, "test_a")
    assert passed_alone(Part("served", ())) == []
    assert asked == []
    assert [one.asks_again for one in suite.parts(fast=False)] == [False, True, False]
