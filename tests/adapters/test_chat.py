"""One contract, two ways out for chats: a folder, and Slack's webhooks as a real HTTP server plays them."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from adapters.chat import (
    Chat,
    ChatDeferredError,
    ChatRefusedError,
    ChatUncertainError,
    OutboxChat,
    SlackChat,
    chat_from,
    webhook_address,
)
from core.crypto import Secret
from core.errors import InvalidInputError
from core.settings import Settings
from tests.servers import unused_port
from tests.web_server import WebServer, running_web_server

PATH = "/services/T000/B000/hunter2"
BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "<http://localhost:3000/review|Proforma 7>"}}]


class Way(Protocol):
    chat: Chat
    webhook: Secret

    def arrived(self) -> list[dict[str, Any]]: ...


@dataclass
class FolderWay:
    folder: Path

    def __post_init__(self) -> None:
        self.chat: Chat = OutboxChat(self.folder)
        self.webhook = Secret(f"https://hooks.slack.com{PATH}")

    def arrived(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text()) for path in self.folder.glob("*.json")]


@dataclass
class SlackWay:
    server: WebServer

    def __post_init__(self) -> None:
        self.chat: Chat = SlackChat()
        self.webhook = Secret(self.server.url(PATH))

    def arrived(self) -> list[dict[str, Any]]:
        return [json.loads(content) for _, content in self.server.posted]


@pytest.fixture
def server() -> Iterator[WebServer]:
    with running_web_server() as web:
        yield web


@pytest.fixture(params=["outbox", pytest.param("slack", marks=pytest.mark.slow)])
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Way:
    return FolderWay(tmp_path / "outbox") if request.param == "outbox" else SlackWay(request.getfixturevalue("server"))


def post(server: WebServer, **given: Any) -> str:
    return SlackChat(**given).post(Secret(server.url(PATH)), "1 proforma waits", BLOCKS)


def test_post_a_message_whole(way):
    way.chat.post(way.webhook, "1 proforma waits", BLOCKS)
    (one,) = way.arrived()
    assert (one["text"], one["blocks"]) == ("1 proforma waits", BLOCKS)
    assert "hunter2" not in json.dumps(one)


@pytest.mark.slow
def test_post_to_the_address_of_the_webhook(server):
    post(server)
    assert [path for path, _ in server.posted] == [PATH]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "body"), [(404, "no_service"), (410, "channel_is_archived"), (403, "invalid_token")]
)
def test_post_to_a_webhook_that_is_gone_is_final_and_says_what_to_do(server, status, body):
    server.status, server.body = status, body
    with pytest.raises(ChatRefusedError, match=rf"{status} {body}.*store a new webhook") as caught:
        post(server)
    assert not caught.value.retryable


@pytest.mark.slow
@pytest.mark.parametrize(("status", "body"), [(429, ""), (500, "rollup_error"), (503, "<html>down</html>")])
def test_post_that_slack_puts_off_may_be_tried_again_and_is_asked_once(server, status, body):
    server.status, server.body = status, body
    with pytest.raises(ChatDeferredError) as caught:
        post(server)
    assert caught.value.retryable
    assert len(server.posted) == 1


@pytest.mark.slow
@pytest.mark.parametrize("silence", ["is_silent", "breaks_off"])
def test_post_whose_answer_never_comes_is_uncertain_and_asked_once(server, silence):
    setattr(server, silence, True)
    with pytest.raises(ChatUncertainError, match="may have been posted"):
        post(server, timeout_seconds=1)
    assert len(server.posted) == 1


@pytest.mark.slow
def test_post_to_a_server_that_is_not_there_may_be_tried_again():
    with pytest.raises(ChatDeferredError, match="cannot be reached"):
        SlackChat().post(Secret(f"http://127.0.0.1:{unused_port()}{PATH}"), "x", BLOCKS)


@pytest.mark.slow
def test_post_says_the_address_nowhere(server, caplog):
    caplog.set_level(logging.DEBUG)
    server.status, server.body = 404, "no_service"
    with pytest.raises(ChatRefusedError) as caught:
        post(server)
    server.breaks_off = True
    with pytest.raises(ChatUncertainError):
        post(server)
    said = f"{caught.value.user_message}{caught.value.facts}{caplog.text}"
    assert "hunter2" not in said


def test_post_into_a_folder_that_cannot_be_written_may_be_tried_again(tmp_path):
    (tmp_path / "outbox").write_text("a file stands here")
    with pytest.raises(ChatDeferredError):
        OutboxChat(tmp_path / "outbox").post(Secret("x"), "x", BLOCKS)


def test_name_a_way_by_the_settings(tmp_path):
    assert isinstance(chat_from(Settings(var_dir=tmp_path)), OutboxChat)
    assert isinstance(chat_from(Settings(chat="slack")), SlackChat)


def test_take_a_webhook_and_keep_it_covered():
    found = webhook_address(f"  https://hooks.slack.com{PATH}\n", Settings())
    assert found.reveal() == f"https://hooks.slack.com{PATH}"
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize(
    "typed",
    [
        "", "hunter2", f"http://hooks.slack.com{PATH}", f"https://evil.example{PATH}", f"https://hooks.slack.com.evil.example{PATH}",
        f"https://hooks.slack.com@evil.example{PATH}", f"https://hooks.slack.com:8443{PATH}", "https://hooks.slack.com/",
        f"https://hooks.slack.com{PATH}\r\nX: 1", f"http://127.0.0.1{PATH}", "file:///etc/passwd", "http://[::1", f"https://hooks.slack.com{PATH}é",
    ],
)  # fmt: skip
def test_take_no_other_address(typed):
    with pytest.raises(InvalidInputError, match="Nothing was stored") as caught:
        webhook_address(typed, Settings())
    assert "hunter2" not in caught.value.user_message


def test_take_plain_http_on_this_machine_alone_and_where_the_settings_name_it():
    settings = Settings(slack_hosts="hooks.slack.com, 127.0.0.1:9999,intern.example")
    assert webhook_address(f"http://127.0.0.1:9999{PATH}", settings).reveal().endswith("hunter2")
    with pytest.raises(InvalidInputError):
        webhook_address(f"http://intern.example{PATH}", settings)
