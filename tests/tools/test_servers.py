"""The servers behind the marks are real, private, and gone afterwards."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import redis
from pytest_socket import SocketBlockedError, SocketConnectBlockedError
from sqlalchemy import text

from core.db import Database, get_database
from core.settings import get_settings
from tests.servers import ServerMissingError, program, running_redis


def test_open_socket_refused_without_mark():
    with pytest.warns(UserWarning, match="socket"), pytest.raises(SocketBlockedError):
        socket.socket(socket.AF_INET, socket.SOCK_STREAM)


@pytest.mark.redis
def test_connect_refused_beyond_loopback():
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe,
        pytest.warns(UserWarning, match="socket"),
        pytest.raises(SocketConnectBlockedError),
    ):
        probe.connect(("192.0.2.1", 80))


@pytest.mark.redis
def test_start_redis_empty(redis_url):
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left", "behind")


@pytest.mark.redis
def test_start_redis_empty_again(redis_url):
    with redis.Redis.from_url(redis_url) as client:
        assert client.get("left") is None


@pytest.mark.redis
def test_stop_redis_leaves_nothing():
    with running_redis() as server:
        assert psutil.pid_exists(server.pid)
    assert not psutil.pid_exists(server.pid)


@pytest.mark.mariadb
def test_start_mariadb_with_tables(mariadb_database):
    with mariadb_database.read_only() as session:
        assert "MariaDB" in session.execute(text("SELECT VERSION()")).scalar_one()
        assert session.execute(text("SHOW TABLES")).all()


@pytest.mark.mariadb
def test_start_mariadb_without_tables(mariadb_url):
    database = Database(mariadb_url)
    with database.read_only() as session:
        assert session.execute(text("SHOW TABLES")).all() == []
    database.dispose()


def test_use_each_database_as_the_process_database(each_database):
    assert get_database() is each_database
    with each_database.unit_of_work() as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1


def test_share_session_with_database(session, database):
    assert session.get_bind() is database.engine


def test_find_program_missing(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda *_args, **_named: None)
    with pytest.raises(ServerMissingError, match="mariadb-server"):
        program("mariadbd", "mariadb-server")


def test_keep_files_out_of_the_tree():
    assert Path.cwd() not in get_settings().var_dir.parents


@pytest.mark.redis
@pytest.mark.slow
def test_leave_no_server_after_a_killed_run(tmp_path):
    starter = tmp_path / "starter.py"
    starter.write_text(
        '"""Start a server and wait to be killed."""\n'
        "import sys, time\n"
        "from tests.servers import running_redis\n"
        "with running_redis() as server:\n"
        "    print(server.pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd()), "TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, str(starter)], env=environment, stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        server = psutil.Process(int(run.stdout.readline()))
        run.kill()
    server.wait(10)
    assert not server.is_running()
