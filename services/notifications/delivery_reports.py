"""What mail servers say of a mail that they could not deliver, or did: reports by RFC 3464, and the older plain ones.

Reading is forgiving; believing is not done here: who uses a report asks for a Message-ID that only our mail carried.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string
from email.message import EmailMessage, Message
from email.policy import default as modern
from enum import StrEnum

from services.mail_parsing import MALFORMED, clean, parsed

_MOST_RECIPIENTS = 50
_MOST_IDS = 20
_LONGEST_TEXT = 200_000
_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,200}>")
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_REPLY = re.compile(r"\b([45])\d\d\b")
_ID_LINE = re.compile(r"^Message-ID:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
# The plain report of qmail and of those who write like it.
_QSBMF = re.compile(
    r"^(?:Hi\. This is the |This is the .{0,80} program|I'm afraid I wasn't able to deliver)", re.MULTILINE
)
_QSBMF_RECIPIENT = re.compile(r"^<([^<>\s@]+@[^<>\s@]+)>:\s*\n((?:.+\n?){1,6})", re.MULTILINE)


class ReportAction(StrEnum):
    """What became of the mail for one recipient, by the words of RFC 3464."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"


@dataclass(frozen=True)
class RecipientReport:
    """What is said of one recipient; `status` as in '5.1.1', '' where the server gives none."""

    address: str
    original_address: str
    action: ReportAction
    status: str
    text: str

    @property
    def is_permanent(self) -> bool:
        """Whether the server says that another try would fail too."""
        if self.action is not ReportAction.FAILED:
            return False
        return not self.status.startswith("4")

    def is_about(self, address: str) -> bool:
        """Whether this speaks of an address; a report that names none speaks of whoever the mail was for."""
        named = {name for name in (self.address, self.original_address) if name}
        return not named or address.lower() in named

    @property
    def sentence(self) -> str:
        """Why, on one line."""
        return clean(f"{self.status} {self.text}", 300)


@dataclass(frozen=True)
class DeliveryReport:
    """One report: which mails it may be about, by Message-ID, and what it says of each recipient."""

    message_ids: tuple[str, ...]
    recipients: tuple[RecipientReport, ...]


def read_delivery_report(raw: bytes) -> DeliveryReport | None:
    """Return what a mail reports; None when it is no report on the delivery of another mail."""
    message = parsed(raw)
    try:
        recipients = tuple(_recipients(message))[:_MOST_RECIPIENTS] or tuple(_plain_recipients(message))
        if not recipients:
            return None
        ids = tuple(dict.fromkeys(_message_ids(message)))[:_MOST_IDS]
    except MALFORMED:
        return None
    return DeliveryReport(ids, recipients) if ids else None


def _recipients(message: EmailMessage) -> Iterator[RecipientReport]:
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            yield from _of_blocks(part.get_payload())
        elif part.get_content_type() == "message/global-delivery-status":
            blocks = re.split(r"\r?\n[ \t]*\r?\n", _text_below(part).strip())
            yield from _of_blocks([message_from_string(block, policy=modern) for block in blocks])


def _of_blocks(blocks: object) -> Iterator[RecipientReport]:
    for block in blocks if isinstance(blocks, list) else []:
        if isinstance(block, Message) and (found := _of_block(block)) is not None:
            yield found


def _of_block(block: Message) -> RecipientReport | None:
    word = str(block.get("Action", "")).partition(";")[0].strip().lower()
    if word not in list(ReportAction):
        return None
    said = _after_type(str(block.get("Diagnostic-Code", "")))
    status = _STATUS.search(str(block.get("Status", ""))) or _STATUS.search(said)
    return RecipientReport(
        _mailbox(str(block.get("Final-Recipient", ""))),
        _mailbox(str(block.get("Original-Recipient", ""))),
        ReportAction(word),
        status[0] if status else "",
        clean(said, 300),
    )


def _plain_recipients(message: EmailMessage) -> Iterator[RecipientReport]:
    """Read reports in plain words: those of qmail, and those that name whom they failed in a header, as Exim's do."""
    text = _plain_text(message)
    if _QSBMF.search(text):
        for address, said in _QSBMF_RECIPIENT.findall(text.partition("--- Below this line")[0]):
            yield _failed(address, said)
    elif named := str(message.get("X-Failed-Recipients", "")):
        for address in named.split(",")[:_MOST_RECIPIENTS]:
            after = text.partition(address.strip())[2]
            yield _failed(address, "\n".join(after.splitlines()[:5]))


def _failed(address: str, said: str) -> RecipientReport:
    status = _STATUS.search(said) or _REPLY.search(said)
    word = status[0] if status and "." in status[0] else f"{status[1]}.0.0" if status else ""
    return RecipientReport(address.strip().lower(), "", ReportAction.FAILED, word, clean(said, 300))


def _message_ids(message: EmailMessage) -> Iterator[str]:
    """Yield the Message-IDs of the mail that came back: from its own headers, else from what the report refers to."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind in {"message/rfc822", "message/global"}:
            inner = part.get_payload(0) if part.is_multipart() else None
            if isinstance(inner, Message):
                yield from _ID.findall(str(inner.get("Message-ID", "")))
        elif kind in {"text/rfc822-headers", "message/global-headers"}:
            yield from _ID_LINE.findall(_text_below(part))
    for name in ("In-Reply-To", "References", "X-Original-Message-ID"):
        yield from _ID.findall(str(message.get(name, "")))
    yield from _ID_LINE.findall(_plain_text(message))


def _text_below(part: Message) -> str:
    """Return all of a part below its own headers, however the parser took it apart."""
    whole = part.as_bytes()[:_LONGEST_TEXT].decode("utf-8", "replace").replace("\r\n", "\n")
    body = whole.partition("\n\n")[2]
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() in {"base64", "quoted-printable"}:
        decoded = part.get_payload(decode=True)
        body = decoded.decode("utf-8", "replace").replace("\r\n", "\n") if isinstance(decoded, bytes) else body
    return body


def _plain_text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    content = body.get_content() if body is not None else ""
    return content[:_LONGEST_TEXT].replace("\r\n", "\n") if isinstance(content, str) else ""


def _after_type(value: str) -> str:
    """Return what stands behind the type of a field, as in 'smtp; 550 no such user'."""
    kind, separator, rest = value.partition(";")
    return rest.strip() if separator and " " not in kind.strip() else value.strip()


def _mailbox(value: str) -> str:
    found = _after_type(value).strip().strip("<>").lower()
    return found if "@" in found and " " not in found else ""
