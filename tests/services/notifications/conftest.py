"""What the tests of notifications share: ways out that keep what leaves, or fail as a test tells them."""

from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import pytest

from adapters.chat import Blocks
from core.crypto import Secret
from core.db import Database
from core.settings import Settings, get_settings
from services.notifications.sending import SendingTools


@dataclass
class Ways:
    """Mail, phone and chat in one: what left, and what to raise instead."""

    mails: list[EmailMessage] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    posts: list[tuple[str, str, Blocks]] = field(default_factory=list)
    failure: Exception | None = None
    before: Any = None

    def _leave(self) -> None:
        if self.before is not None:
            self.before()
        if self.failure is not None:
            raise self.failure


@dataclass
class MailWay:
    """The way of mails."""

    ways: Ways

    def send(self, message: EmailMessage) -> str:
        self.ways._leave()
        self.ways.mails.append(message)
        return str(message["Message-ID"])


@dataclass
class TextWay:
    """The way of texts."""

    ways: Ways

    def send(self, number: str, text: str) -> str:
        self.ways._leave()
        self.ways.texts.append((number, text))
        return f"sns-{len(self.ways.texts)}"


@dataclass
class ChatWay:
    """The way of chat messages."""

    ways: Ways

    def post(self, webhook: Secret, text: str, blocks: Blocks) -> str:
        self.ways._leave()
        self.ways.posts.append((webhook.reveal(), text, blocks))
        return ""


@pytest.fixture
def ways() -> Ways:
    return Ways()


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return the settings of a portal that sends what is told at once without gathering."""
    monkeypatch.setenv("BILLING_GATHER_SECONDS", "0")
    monkeypatch.setenv("BILLING_PUBLIC_URL", "https://billing.hwr.example")
    get_settings.cache_clear()
    return get_settings()


@pytest.fixture
def tools(database: Database, ways: Ways, settings: Settings) -> SendingTools:
    return SendingTools(database, settings, MailWay(ways), TextWay(ways), ChatWay(ways))
