"""The set-up as a command: one sentence when it cannot go on, and one set-up at a time."""

import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from tools.setup import __main__ as command
from tools.setup import debian, grid, packages, steps
from tools.setup.errors import SetupError


@pytest.fixture
def done(monkeypatch, tmp_path):
    """Collect what would be done, in a folder of its own."""
    happened = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["setup"])
    monkeypatch.setattr(debian, "missing", lambda _root, *, tests: ["mariadb"] if tests else [])
    monkeypatch.setattr(debian, "install", happened.append)
    monkeypatch.setattr(packages, "install", happened.append)
    monkeypatch.setattr(grid, "install", lambda root: happened.append(("grid", root)))
    return happened


def test_install_programs_then_packages(done, tmp_path):
    assert command.main() == 0
    assert done == [[], tmp_path]


def test_install_servers_for_the_tests(done, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "argv", ["setup", "--tests"])
    assert command.main() == 0
    assert done == [["mariadb"], tmp_path, ("grid", tmp_path)]


@pytest.mark.usefixtures("done")
def test_stop_with_one_sentence(monkeypatch, capsys):
    def refuse(_names: list[str]) -> None:
        raise SetupError("Run: sudo apt-get install -y chromium")

    monkeypatch.setattr(debian, "install", refuse)
    assert command.main() == 1
    assert capsys.readouterr().err == "Run: sudo apt-get install -y chromium\n"


def test_refuse_old_python(done, monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert command.main() == 1
    assert "Python 3.11 or newer is needed" in capsys.readouterr().err
    assert done == []


def test_wait_for_another_set_up(done, monkeypatch, tmp_path):
    waited = []
    monkeypatch.setattr(fcntl, "flock", lambda _file, how: waited.append((how, list(done))))
    steps.prepare(tmp_path, tests=False)
    assert waited == [(fcntl.LOCK_EX, [])]
    assert done


def test_need_nothing_but_the_standard_library():
    """The set-up runs before there is an environment, so it starts with no packages at all."""
    alone = [sys.executable, "-S", "-E", "-c", "import sys; sys.path.insert(0, '.'); from tools.setup import steps"]
    finished = subprocess.run(alone, cwd=Path.cwd(), capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
