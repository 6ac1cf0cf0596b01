"""The stage: programs end with their starter, and what fails says so."""

import subprocess
import sys
import textwrap
import time

import psutil
import pytest

from core.settings import get_settings
from sandbox.stage.layout import Layout, in_layout
from sandbox.stage.processes import ProcessEndedError, Processes, answers, redis_command

_SLEEP = "import time; time.sleep(60)"


def test_leave_block_ends_every_program(tmp_path):
    with Processes(tmp_path, {}) as processes:
        pids = [processes.start(name, sys.executable, "-c", _SLEEP) for name in ("one", "two")]
        assert all(psutil.pid_exists(pid) for pid in pids)
        assert processes.pids("two") == pids[1:]
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_check_tells_the_last_words_of_a_program_that_ended(tmp_path):
    with Processes(tmp_path, {}) as processes:
        processes.start("brief", sys.executable, "-c", "print('I cannot go on'); raise SystemExit(3)")
        with pytest.raises(ProcessEndedError, match=r"brief ended by itself \(3\).*I cannot go on"):
            processes.wait_for("brief", lambda: False)


def test_kill_starter_ends_its_programs(tmp_path):
    script = textwrap.dedent(
        f"""
        import sys, time
        from pathlib import Path
        from sandbox.stage.processes import Processes
        with Processes(Path({str(tmp_path)!r}), {{}}) as processes:
            print(processes.start("child", sys.executable, "-c", {_SLEEP!r}), flush=True)
            time.sleep(60)
        """
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        child = int(starter.stdout.readline())
        starter.kill()
    until = time.monotonic() + 10
    while psutil.pid_exists(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not psutil.pid_exists(child)


def test_environment_reaches_the_programs(tmp_path):
    with Processes(tmp_path, {"BILLING_GREETING": "good morning"}) as processes:
        pid = processes.start("greeter", sys.executable, "-c", "import os; print(os.environ['BILLING_GREETING'])")
        psutil.Process(pid).wait(20)
        assert processes.log("greeter").read_text() == "good morning\n"


@pytest.mark.redis
def test_redis_command_serves(tmp_path, free_port):
    with Processes(tmp_path, {}) as processes:
        processes.start("redis", *redis_command(free_port, tmp_path / "redis"))
        processes.wait_for("redis", lambda: answers(free_port))
    assert not answers(free_port)


def test_in_layout_gives_settings_back(tmp_path):
    layout = Layout(tmp_path, 1, 2, 3, f"sqlite:///{tmp_path / 'x.db'}")
    with in_layout(layout) as database:
        assert get_settings().database_url == layout.database_url
        assert get_settings().var_dir == tmp_path
        assert str(database.url) == layout.database_url
    assert get_settings().database_url != layout.database_url
