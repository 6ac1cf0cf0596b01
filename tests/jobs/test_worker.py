"""Worker processes: started without Reflex, gone with their worker, finishing the file in hand on SIGTERM."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.queue import MAILBOX, SITE_ACCOUNT, queue
from core.settings import get_settings
from jobs import stopping
from jobs.worker import make_worker, work
from models import WorkerProcess
from services.uploads.workers import end_worker, is_provably_dead, register_worker, this_process
from tests.builders import NOW
from tests.pretend_site import make_dead_worker

ROOT = Path(__file__).resolve().parents[2]
HORSE = """
import os, sys, time
from jobs.worker import _die_with
child = os.fork()
if child == 0:
    _die_with(os.getppid())
    print(os.getpid(), flush=True)
    time.sleep(60)
    os._exit(0)
os.waitpid(child, 0)
"""


def run(code: str, **kwargs) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=50, check=True, **kwargs
    )


def test_worker_and_dispatcher_start_without_loading_reflex():
    loaded = run("import sys, jobs.worker, jobs.dispatcher, jobs.uploads; print('reflex' in sys.modules)")
    assert loaded.stdout.strip() == "False"


def test_horse_dies_with_its_killed_worker():
    with subprocess.Popen([sys.executable, "-c", HORSE], cwd=ROOT, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        horse = int(worker.stdout.readline())
        worker.kill()
        worker.wait()
        until = time.monotonic() + 5
        while is_running(horse) and time.monotonic() < until:
            time.sleep(0.05)
        assert not is_running(horse)


def is_running(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def note(path: str, word: str) -> None:
    """Be a job: add a word to a file."""
    with Path(path).open("a") as lines:
        lines.write(f"{word} ")


@pytest.mark.redis
def test_serve_the_queues_in_turns(redis_url, tmp_path, monkeypatch):
    """Mails that come faster than they are read must not keep the uploads waiting."""
    monkeypatch.setenv("BILLING_REDIS_URL", redis_url)
    get_settings.cache_clear()
    words = tmp_path / "words"
    for _ in range(3):
        queue(MAILBOX).enqueue(f"{__name__}.note", str(words), "mail")
    for _ in range(2):
        queue(SITE_ACCOUNT).enqueue(f"{__name__}.note", str(words), "upload")
    work(make_worker(), until_empty=True)
    assert words.read_text().split() == ["mail", "upload", "mail", "upload", "mail"]


def test_horse_takes_sigterm_as_the_wish_to_stop():
    code = (
        "import os, signal; from jobs import stopping; stopping.listen(); before = stopping.is_asked_to_stop(); "
        "os.kill(os.getpid(), signal.SIGTERM); print(before, stopping.is_asked_to_stop())"
    )
    assert run(code).stdout.split() == ["False", "True"]
    assert not stopping.is_asked_to_stop()


def test_worker_without_redis_ends_with_one_clear_line():
    environment = {**os.environ, "BILLING_REDIS_URL": "redis://127.0.0.1:1/0", "BILLING_LOG_FORMAT": "json"}
    ended = subprocess.run(
        [sys.executable, "-m", "jobs.worker"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert ended.returncode == 1
    assert "Files stay queued; start Redis." in ended.stderr
    assert "Traceback" not in ended.stderr


def test_register_worker_writes_one_row_a_process(session):
    assert register_worker(session) == register_worker(session)


def test_worker_that_runs_is_not_provably_dead(session):
    assert not is_provably_dead(session, register_worker(session))


def test_worker_whose_process_id_was_given_away_is_provably_dead(session):
    assert is_provably_dead(session, make_dead_worker(session))


def test_worker_that_ended_is_provably_dead(session):
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    started = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[19]
    me = this_process()
    row = WorkerProcess(host=me.host, boot_id=me.boot_id, pid=process.pid, process_start=started, started_at=NOW)
    session.add(row)
    session.flush()
    assert not is_provably_dead(session, row.id)
    process.send_signal(signal.SIGKILL)
    until = time.monotonic() + 5
    while not is_provably_dead(session, row.id) and time.monotonic() < until:
        time.sleep(0.02)
    assert is_provably_dead(session, row.id), "a zombie runs no more"
    process.communicate()
    assert is_provably_dead(session, row.id)


@pytest.mark.parametrize("column", ["host", "boot_id"])
def test_worker_of_another_machine_or_boot_is_never_provably_dead(session, column):
    row = session.get_one(WorkerProcess, make_dead_worker(session))
    setattr(row, column, "elsewhere")
    session.flush()
    assert not is_provably_dead(session, row.id)


def test_worker_nobody_named_is_never_provably_dead(session):
    assert not is_provably_dead(session, None)


@contextmanager
def frozen_worker(session):
    """Start a process that is registered as a worker, and stop it where it stands."""
    with subprocess.Popen(["/bin/sleep", "60"]) as process:
        os.kill(process.pid, signal.SIGSTOP)
        me, start = this_process(), Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[19]
        row = WorkerProcess(host=me.host, boot_id=me.boot_id, pid=process.pid, process_start=start, started_at=NOW)
        session.add(row)
        session.flush()
        yield row, process
        process.kill()


def test_end_worker_ends_one_that_stands_still(session):
    with frozen_worker(session) as (row, process):
        assert not is_provably_dead(session, row.id)
        assert end_worker(session, row.id)
        assert process.wait(5) == -signal.SIGKILL
        assert is_provably_dead(session, row.id)
        assert end_worker(session, row.id)


def test_end_worker_never_touches_whoever_has_its_process_id_now(session):
    with frozen_worker(session) as (row, process):
        row.process_start = "1"
        session.flush()
        assert end_worker(session, row.id)
        assert process.poll() is None


@pytest.mark.parametrize("changed", [{"host": "elsewhere/pid:[1]"}, {"boot_id": "another"}, {"boot_id": ""}])
def test_end_worker_leaves_other_machines_alone(session, changed):
    with frozen_worker(session) as (row, process):
        for name, value in changed.items():
            setattr(row, name, value)
        session.flush()
        assert not end_worker(session, row.id)
        assert process.poll() is None


def test_end_worker_never_ends_itself(session):
    assert not end_worker(session, register_worker(session))
    assert not end_worker(session, None)
