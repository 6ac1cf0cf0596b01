"""Logs are one line an event with its correlation id, and hold no secret, cookie or token."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from core import log
from core.crypto import Secret
from core.ids import correlated
from core.settings import get_settings


@pytest.fixture(autouse=True)
def own_logging() -> Iterator[None]:
    """Put the logging of the test run back after; tests configure it themselves, when their stderr is captured."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def _line(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    (line,) = capsys.readouterr().err.splitlines()
    told: dict[str, object] = json.loads(line)
    return told


def test_event_is_one_json_line_with_its_correlation_id(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure_logging()
    with correlated("abc"):
        log.get_logger("t1").info("submission:delivered", submission_id=7)
    told = _line(capsys)
    assert told.pop("timestamp")
    assert told == {"event": "submission:delivered", "submission_id": 7, "level": "info", "correlation_id": "abc"}


def test_foreign_records_take_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure_logging()
    with correlated("abc"):
        logging.getLogger("foreign").warning("hello %s", "there")
    told = _line(capsys)
    assert (told["event"], told["correlation_id"], told["level"]) == ("hello there", "abc", "warning")


@pytest.mark.parametrize(
    "key",
    ["password", "Password", "totp", "session_token", "client_secret", "Set-Cookie", "Authorization", "credentials"],
)
def test_secret_keys_are_blanked_at_any_depth(capsys: pytest.CaptureFixture[str], key: str) -> None:
    log.configure_logging()
    deep = {"rows": [{"inner": ({key: "hunter2"},)}]}
    log.get_logger("t2").info("saved", **{key: "hunter2"}, deep=deep, carrier="HARBOR")
    line = capsys.readouterr().err
    assert "hunter2" not in line
    assert "HARBOR" in line


def test_secret_object_never_prints_its_value(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure_logging()
    log.get_logger("t3").info("opened", value=Secret("hunter2"))
    assert "hunter2" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    [
        "GET / Cookie: sid=hunter2; theme=hunter2",
        "{'HTTP_COOKIE': 'sid=hunter2; theme=\"hunter2\"', 'PATH': '/kept'}",
        """{'cookie': 'a="x"; b=\\'q\\'; sid=hunter2', 'PATH': '/kept'}""",
        "[(b'host', b'x'), (b'cookie', b'sid=hunter2'), (b'accept', b'/kept')]",
        '{"set-cookie": "sid=hunter2; Path=/", "path": "/kept"}',
        '{\\"cookie\\": \\"sid=hunter2\\"}',
        "{'authorization': 'Bearer hunter2', 'path': '/kept'}",
        "cookie=sid=hunter2",
    ],
)
def test_headers_in_the_text_of_foreign_records_are_blanked(capsys: pytest.CaptureFixture[str], text: str) -> None:
    log.configure_logging()
    logging.getLogger("foreign").warning("request %s", text)
    line = capsys.readouterr().err
    assert "hunter2" not in line
    assert "***" in line
    assert ("/kept" in text) == ("/kept" in line)


def test_other_text_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure_logging()
    logging.getLogger("foreign").warning("%d cookies were refused", 3)
    assert _line(capsys)["event"] == "3 cookies were refused"


def test_exceptions_are_told_with_their_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure_logging()
    try:
        int("twelve")
    except ValueError:
        log.get_logger("t4").exception("failed")
    assert "ValueError: invalid literal" in str(_line(capsys)["exception"])


def test_console_form_is_for_people(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILLING_LOG_FORMAT", "console")
    get_settings.cache_clear()
    structlog.reset_defaults()
    log.configure_logging()
    log.get_logger("t5").info("started", password="hunter2")
    line = capsys.readouterr().err
    assert "started" in line
    assert "hunter2" not in line
