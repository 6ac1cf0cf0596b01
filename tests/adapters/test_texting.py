"""One contract, two ways out for texts: a folder, and SNS as moto plays it; and what the service may answer instead."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.server import ThreadedMotoServer
from moto.sns.models import sns_backends

from adapters import texting
from adapters.texting import (
    OutboxTexter,
    SnsTexter,
    TextDeferredError,
    Texter,
    TextRefusedError,
    TextServiceRefusedError,
    TextUncertainError,
    phone_number,
    shown_number,
    texter_from,
)
from core.errors import InvalidInputError
from core.settings import Settings
from tests.servers import unused_port
from tests.web_server import WebServer, running_web_server

NUMBER = "+12125550123"
TEXT = "2 proformas wait for you. http://localhost:3000/notifications"


class Way(Protocol):
    texter: Texter

    def arrived(self) -> list[tuple[str, str, str]]: ...


@dataclass
class FolderWay:
    folder: Path

    def __post_init__(self) -> None:
        self.texter: Texter = OutboxTexter(self.folder)

    def arrived(self) -> list[tuple[str, str, str]]:
        kept = [json.loads(path.read_text()) for path in self.folder.glob("*.json")]
        return [(one["id"], one["to"], one["text"]) for one in kept]


@dataclass
class SnsWay:
    url: str

    def __post_init__(self) -> None:
        self.texter: Texter = SnsTexter(self.url)
        self._before = len(self._all())

    def _all(self) -> list[tuple[str, str, str]]:
        kept = sns_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].sms_messages
        return [(message_id, number, text) for message_id, (number, text) in kept.items()]

    def arrived(self) -> list[tuple[str, str, str]]:
        return self._all()[self._before :]


@pytest.fixture(scope="module")
def moto_url() -> Iterator[str]:
    port = unused_port()
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "practice")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.fixture
def service(aws: None) -> Iterator[WebServer]:
    """Yield a service that answers as a test tells it."""
    with running_web_server() as web:
        yield web


@pytest.fixture
def sns(service: WebServer) -> SnsTexter:
    return SnsTexter(service.url(""), timeout_seconds=0.5)


@pytest.fixture
def answer(service: WebServer) -> Callable[[int, str], None]:
    """Return what makes the service refuse in SNS's own way."""

    def answered(status: int, code: str) -> None:
        service.status = status
        service.body = (
            '<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>'
            f"<Code>{code}</Code><Message>Invalid parameter: PhoneNumber {NUMBER}</Message></Error>"
            "<RequestId>7</RequestId></ErrorResponse>"
        )

    return answered


@pytest.fixture(params=["outbox", pytest.param("sns", marks=pytest.mark.slow)])
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Way:
    if request.param == "outbox":
        return FolderWay(tmp_path / "outbox")
    request.getfixturevalue("aws")
    return SnsWay(request.getfixturevalue("moto_url"))


def test_send_a_text_to_its_number(way):
    message_id = way.texter.send(NUMBER, TEXT)
    assert way.arrived() == [(message_id, NUMBER, TEXT)]


def test_send_the_same_text_twice_is_two_texts(way):
    first, second = (way.texter.send(NUMBER, TEXT) for _ in range(2))
    assert first != second
    assert len(way.arrived()) == 2


@pytest.mark.slow
@pytest.mark.parametrize("code", ["InvalidParameter", "OptedOut"])
def test_send_to_a_number_that_is_refused_is_final_and_repeats_no_number(sns, answer, code):
    answer(400, code)
    with pytest.raises(TextRefusedError, match="correct the number") as caught:
        sns.send(NUMBER, TEXT)
    assert not caught.value.retryable
    assert NUMBER not in f"{caught.value.user_message}{caught.value.facts}"


@pytest.mark.slow
def test_send_too_much_may_be_tried_again(sns, answer, service):
    answer(429, "Throttled")
    with pytest.raises(TextDeferredError) as caught:
        sns.send(NUMBER, TEXT)
    assert caught.value.retryable
    assert len(service.posted) == 1


@pytest.mark.slow
def test_send_without_permission_says_so(sns, answer):
    answer(403, "AuthorizationError")
    with pytest.raises(TextServiceRefusedError, match="AuthorizationError"):
        sns.send(NUMBER, TEXT)


@pytest.mark.slow
def test_send_to_a_service_that_fails_inside_is_uncertain_and_asked_once(sns, answer, service):
    answer(500, "InternalError")
    with pytest.raises(TextUncertainError) as caught:
        sns.send(NUMBER, TEXT)
    assert not caught.value.retryable
    assert len(service.posted) == 1


@pytest.mark.slow
@pytest.mark.parametrize("silence", ["is_silent", "breaks_off"])
def test_send_whose_answer_never_comes_is_uncertain_and_asked_once(sns, service, silence):
    setattr(service, silence, True)
    with pytest.raises(TextUncertainError, match="may have been sent"):
        sns.send(NUMBER, TEXT)
    assert len(service.posted) == 1


@pytest.mark.slow
def test_send_to_a_service_that_is_not_there_may_be_tried_again(aws):
    with pytest.raises(TextDeferredError, match="cannot be reached"):
        SnsTexter(f"http://127.0.0.1:{unused_port()}").send(NUMBER, TEXT)


def test_send_without_a_region_says_so(aws, monkeypatch, tmp_path):
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(TextServiceRefusedError, match="no region"):
        SnsTexter("http://127.0.0.1:9").send(NUMBER, TEXT)


def test_send_into_a_folder_that_cannot_be_written_may_be_tried_again(tmp_path):
    (tmp_path / "outbox").write_text("a file stands here")
    with pytest.raises(TextDeferredError):
        OutboxTexter(tmp_path / "outbox").send(NUMBER, TEXT)


def test_name_no_service_writes_into_the_outbox(tmp_path):
    texter_from(Settings(var_dir=tmp_path)).send(NUMBER, TEXT)
    assert len(list((tmp_path / "outbox").glob("sms-*.json"))) == 1


def test_name_sns_keeps_one_client(aws, monkeypatch):
    texting._service.cache_clear()
    settings = Settings(texting="sns", aws_endpoint_url="http://127.0.0.1:9")
    assert texter_from(settings) is texter_from(settings)
    assert isinstance(texter_from(settings), SnsTexter)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("(212) 555-0123", "+12125550123"),
        ("+1 212.555.0123", "+12125550123"),
        (" +49 151 23456789 ", "+4915123456789"),
        ("+44 7400 123456", "+447400123456"),
    ],
)
def test_read_a_phone_number_as_people_type_it(typed, stored):
    assert phone_number(typed) == stored


@pytest.mark.parametrize("typed", ["", "hello", "911", "+1 212 555", "+999 12345678", "212-555-0123 ext. 4", "1" * 60])
def test_read_what_is_no_phone_number_says_how_it_is_written(typed):
    with pytest.raises(InvalidInputError, match=r"\+1 212 555 0123"):
        phone_number(typed)


@pytest.mark.parametrize("typed", ["+1 800 356 9377", "+49 30 901820"])
def test_read_a_number_that_takes_no_texts_says_so(typed):
    with pytest.raises(InvalidInputError, match="no mobile number"):
        phone_number(typed)


def test_show_a_number_covered():
    assert shown_number(NUMBER) == "+1 ••• ••• ••23"
    assert shown_number("") == ""
