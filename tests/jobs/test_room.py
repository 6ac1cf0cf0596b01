"""Back-pressure: no browser is started where the memory for it is not there."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from core.settings import Settings
from jobs import uploads
from jobs.room import Room, room_of

_MB = 1024 * 1024


def make_room(folder, *, free_mb=10_000, limit_mb=None, used_mb=0, cache_mb=0, browser_mb=500):
    meminfo, cgroup = folder / "meminfo", folder / "cgroup"
    cgroup.mkdir(exist_ok=True)
    meminfo.write_text(f"MemTotal: 1 kB\nMemAvailable: {free_mb * 1024} kB\n")
    (cgroup / "memory.max").write_text("max\n" if limit_mb is None else f"{limit_mb * _MB}\n")
    (cgroup / "memory.current").write_text(f"{used_mb * _MB}\n")
    (cgroup / "memory.stat").write_text(f"anon 1\ninactive_file {cache_mb * _MB}\n")
    return Room(browser_mb, folder / "room", meminfo, cgroup)


@contextmanager
def room_held(folder):
    """Hold room in a process of its own, which is killed at the end."""
    code = (
        "import sys, time; from pathlib import Path; from jobs.room import Room\n"
        "with Room(1, Path(sys.argv[1])).reserve() as has_room:\n"
        "    print(has_room, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "True\n"
        yield process
        process.kill()


@pytest.mark.parametrize(
    ("memory", "is_enough"),
    [
        ({"free_mb": 500}, True),
        ({"free_mb": 499}, False),
        ({"limit_mb": 2000, "used_mb": 1400}, True),
        ({"limit_mb": 2000, "used_mb": 1600}, False),
        ({"limit_mb": 2000, "used_mb": 1600, "cache_mb": 200}, True),
        ({"free_mb": 0, "browser_mb": 0}, True),
    ],
)
def test_reserve_room_only_where_the_memory_is_there(tmp_path, memory, is_enough):
    with make_room(tmp_path, **memory).reserve() as has_room:
        assert has_room is is_enough


def test_reserve_reckons_with_a_browser_that_still_grows(tmp_path):
    room = make_room(tmp_path, free_mb=900)
    with room_held(room.folder) as other:
        with room.reserve() as has_room:
            assert not has_room
        grown = room.folder / f"{other.pid}.browser"
        os.utime(grown, (time.time() - 60, time.time() - 60))
        with room.reserve() as has_room:
            assert has_room


def test_reserve_forgets_a_worker_that_was_killed(tmp_path):
    room = make_room(tmp_path, free_mb=900)
    with room_held(room.folder):
        pass
    assert len(list(room.folder.glob("*.browser"))) == 1
    with room.reserve() as has_room:
        assert has_room
    assert list(room.folder.glob("*.browser")) == []


def test_know_nothing_and_refuse_nothing_without_the_kernels_figures(tmp_path):
    room = Room(500, tmp_path / "room", tmp_path / "no-meminfo", tmp_path / "no-cgroup")
    with room.reserve() as has_room:
        assert has_room
    assert room.available_mb() > 1_000_000


def test_drain_takes_nothing_up_while_memory_is_short(tmp_path, monkeypatch):
    drained = []
    monkeypatch.setattr(uploads, "_BREATH_SECONDS", 0)
    monkeypatch.setattr(uploads, "open_visit", lambda _settings: None)
    monkeypatch.setattr(uploads, "object_store", lambda _settings: None)
    monkeypatch.setattr(uploads, "drain_account", lambda _tools, account: drained.append(account))
    monkeypatch.setattr(uploads, "room_of", lambda _settings: make_room(tmp_path, free_mb=100))
    uploads.drain(7, "c-1")
    assert drained == []
    monkeypatch.setattr(uploads, "room_of", lambda _settings: make_room(tmp_path, free_mb=9000))
    uploads.drain(7, "c-1")
    assert drained == [7]


def test_browsers_of_a_grid_take_no_room_here():
    assert room_of(Settings(selenium_remote_url="http://127.0.0.1:4444")).browser_mb == 0
    assert room_of(Settings()).browser_mb == 300
