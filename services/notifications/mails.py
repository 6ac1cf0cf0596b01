"""The mail of a message: plain text and HTML of the same words, and the one click that ends such mails."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from core.errors import InvalidInputError
from core.ids import new_token
from core.settings import Settings
from services.notifications.digests import Digest

_TEMPLATES = Path(__file__).parent / "templates"
_LONGEST_SUBJECT = 150


@dataclass(frozen=True)
class Reader:
    """To whom a mail goes, and the addresses that end their mails: all of them, and those of each kind in it."""

    name: str
    email: str
    unsubscribe_url: str
    kind_urls: tuple[tuple[str, str], ...] = ()
    one_click_url: str = ""


def new_message_id(settings: Settings) -> str:
    """Return a Message-ID that nobody guesses: who names it has seen the mail."""
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2] or "localhost"
    return f"<{new_token()}@{domain}>"


def digest_mail(digest: Digest, reader: Reader, message_id: str, settings: Settings) -> EmailMessage:
    """Return the mail that tells a digest.

    Raises:
        InvalidInputError: the reader's address is none.
    """
    return _mail("digest", digest.subject, reader, message_id, settings, digest=digest)


def self_test_mail(reader: Reader, message_id: str, settings: Settings) -> EmailMessage:
    """Return a mail that says that mails arrive.

    Raises:
        InvalidInputError: the reader's address is none.
    """
    return _mail("test", "Notifications reach you here", reader, message_id, settings)


def report_mail(report: object, subject: str, reader: Reader, message_id: str, settings: Settings) -> EmailMessage:
    """Return the mail that shows a report's first figures; its links end this report alone.

    Raises:
        InvalidInputError: the reader's address is none.
    """
    return _mail("report", subject, reader, message_id, settings, report=report)


def _mail(
    template: str, subject: str, reader: Reader, message_id: str, settings: Settings, **facts: object
) -> EmailMessage:
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = _address(reader)
    message["Subject"] = _one_line(subject)[:_LONGEST_SUBJECT]
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if reader.one_click_url:
        message["List-Unsubscribe"] = f"<{reader.one_click_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    shown: dict[str, Any] = {"firm": settings.firm_name, "url": settings.public_url, "subject": subject}
    shown |= {"reader": reader, **facts}
    message.set_content(_templates().get_template(f"{template}.txt").render(shown))
    message.add_alternative(_templates().get_template(f"{template}.html").render(shown), subtype="html")
    return message


def _address(reader: Reader) -> Address:
    try:
        return Address(_one_line(reader.name), addr_spec=reader.email)
    except (ValueError, IndexError) as wrong:
        message = f"{reader.name} has no e-mail address that can be written to. The notice stands in the portal."
        raise InvalidInputError(message) from wrong


def _one_line(text: str) -> str:
    return " ".join(text.split())


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
