"""The command that prints the front: what was asked for stands in it, and what cannot be is refused with a sentence."""

import re
from collections.abc import Sequence

import pytest

from tests.servers import ServerMissingError, running_front
from tools import front

SESSION = re.compile(r'"~(.+?)" \$named;')


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert front.main(arguments) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], arguments: Sequence[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        front.main(arguments)
    assert ended.value.code == 2
    return capsys.readouterr().err


def test_name_every_process_and_the_address(capsys):
    said = printed(capsys, "--processes", "3", "--first-port", "9001", "--listen", "[::1]:9000")
    assert re.findall(r"server (127\.0\.0\.1:\d+)", said) == ["127.0.0.1:9001", "127.0.0.1:9002", "127.0.0.1:9003"]
    assert "listen [::1]:9000;" in said
    assert "3 processes of the portal" in said
    assert "%" not in said


def test_write_nothing_outside_its_folder(capsys):
    said = printed(capsys)
    paths = re.findall(r"^ *(?:pid|error_log|\w+_temp_path) (\S+?)[ ;]", said, re.MULTILINE)
    assert len(paths) == 7
    assert [path for path in paths if "/" in path] == []


@pytest.mark.parametrize(
    ("cookies", "session"),
    [
        ("billing_session=abc", "abc"),
        ("theme=dark; __Host-billing_session=a-b_c; other=1", "a-b_c"),
        ("not_billing_session=abc", None),
        ("billing_sign_in=abc", None),
    ],
)
def test_know_session_by_either_name_of_its_cookie(capsys, cookies, session):
    # nginx writes a named group as Perl does.
    pattern = SESSION.findall(printed(capsys))[0].replace("(?<named>", "(?P<named>")
    found = re.search(pattern, cookies)
    assert (found and found["named"]) == session


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--processes", "0"], "name one or more"),
        (["--processes", "two"], "no number of processes"),
        (["--first-port", "0"], "no port"),
        (["--first-port", "65535"], "name a lower --first-port"),
        (["--listen", "localhost:8000"], "no IP address with a port"),
        (["--listen", "127.0.0.1"], "no IP address with a port"),
        (["--listen", "127.0.0.1:70000"], "ports are 1 to 65535"),
        (["--listen", "127.0.0.1:8002"], "Port 8002 cannot be the front's and a process's"),
    ],
)
def test_refuse_what_cannot_be(capsys, arguments, reason):
    assert reason in refused(capsys, arguments)


def test_name_package_where_nginx_is_missing(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda *_args, **_named: None)
    with pytest.raises(ServerMissingError, match="nginx-light"), running_front([9001], 9000):
        pass
