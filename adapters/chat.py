"""Where messages to chats leave: Slack's incoming webhooks, or a folder on this machine. Both pass one contract suite.

A webhook's address lets anybody who knows it write to its channel: it is a secret, and never part of an error or a log.
"""

import logging
from http.client import HTTPException
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Protocol
from urllib.error import URLError
from urllib.parse import SplitResult, urlsplit

from slack_sdk.errors import SlackClientError
from slack_sdk.webhook import WebhookClient

from adapters import outbox
from core.crypto import Secret
from core.errors import BillingError, InvalidInputError, UnavailableError
from core.settings import Settings

Blocks = list[dict[str, Any]]
_TOO_MANY = 429
_OK = 200
_SERVER_FAULT = 500
_TIMEOUT_SECONDS = 10
# The client would log the address of each request when everything is logged.
_QUIET = logging.getLogger("slack-webhook")
_QUIET.setLevel(logging.WARNING)


class ChatRefusedError(BillingError):
    """The webhook does not take messages: it was removed, or its channel is gone. Trying again helps nobody."""

    code = "chat_refused"
    status_code = 502


class ChatDeferredError(UnavailableError):
    """Slack is away or says 'not now': nothing was posted, the same message may be tried again."""

    code = "chat_deferred"


class ChatUncertainError(UnavailableError):
    """Slack was asked and did not answer: the message may stand there, so it is not posted again by a machine."""

    code = "chat_uncertain"
    retryable = False


class Chat(Protocol):
    """A way for messages to chats to leave."""

    def post(self, webhook: Secret, text: str, blocks: Blocks) -> str:
        """Post a message; `text` is what stands in a notification of it. Returns an id of the message, '' if none.

        Raises:
            ChatRefusedError: refused for good; nothing was posted.
            ChatDeferredError: not now; nothing was posted, try again later.
            ChatUncertainError: it may have been posted.
        """
        ...


class OutboxChat:
    """A folder that each message is written into, without the webhook's address."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def post(self, webhook: Secret, text: str, blocks: Blocks) -> str:
        """Write a message into the folder."""
        del webhook
        try:
            return outbox.put_message(self._directory, "slack", {"text": text, "blocks": blocks})
        except OSError as wrong:
            raise ChatDeferredError("The outbox folder cannot be written. Nothing was sent; try again.") from wrong


class SlackChat:
    """Slack's incoming webhooks; the client never repeats a request by itself."""

    def __init__(self, *, timeout_seconds: int = _TIMEOUT_SECONDS) -> None:
        self._timeout_seconds = timeout_seconds

    def post(self, webhook: Secret, text: str, blocks: Blocks) -> str:
        """Post a message to the channel of a webhook."""
        client = WebhookClient(webhook.reveal(), timeout=self._timeout_seconds, logger=_QUIET, retry_handlers=[])
        try:
            answer = client.send(text=text, blocks=blocks)
        except URLError as wrong:
            # The request did not leave: no connection. Broken off later it is an OSError of its own.
            raise ChatDeferredError("Slack cannot be reached. Nothing was posted; try again later.") from wrong
        except (OSError, HTTPException, SlackClientError) as wrong:
            raise _uncertain() from wrong
        if answer.status_code != _OK:
            raise _told(answer.status_code, answer.body)
        return ""


def chat_from(settings: Settings) -> Chat:
    """Return the way out that the settings name."""
    return SlackChat() if settings.chat == "slack" else OutboxChat(settings.outbox_dir)


def webhook_address(typed: str, settings: Settings) -> Secret:
    """Return the address of an incoming webhook; the portal speaks to the hosts of the settings only.

    Raises:
        InvalidInputError: it is none.
    """
    try:
        parts = urlsplit(typed.strip())
        is_ours = _is_webhook(parts, settings)
    except ValueError:
        is_ours = False
    if not is_ours or not typed.strip().isascii() or not typed.strip().isprintable():
        message = (
            "This is no webhook of Slack. Nothing was stored; copy it whole, as in https://hooks.slack.com/services/…"
        )
        raise InvalidInputError(message)
    return Secret(typed.strip())


def _is_webhook(parts: SplitResult, settings: Settings) -> bool:
    hosts = {host.strip().lower() for host in settings.slack_hosts.split(",") if host.strip()}
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(parts.hostname or ""))
    return is_safe and parts.netloc.lower() in hosts and len(parts.path) > 1


def _told(status: int, body: str | None) -> BillingError:
    """Return the error for what Slack answered: one word, as in 'no_service'."""
    word = " ".join((body or "").split())[:60] if (body or "").isascii() else ""
    if status == _TOO_MANY or status >= _SERVER_FAULT:
        return ChatDeferredError(f"Slack asks to wait ({status}). Nothing was posted; try again later.", reason=word)
    message = f"Slack does not take the message ({status} {word}). Nothing was posted; store a new webhook."
    return ChatRefusedError(message, reason=word)


def _uncertain() -> ChatUncertainError:
    message = "Slack did not answer, so the message may have been posted. It is not posted again by itself."
    return ChatUncertainError(message)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
