"""Reading mails that anybody may have written: whatever is wrong with one, it is read as far as it goes."""

from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import default as modern

# What Python's mail parser is known to raise for mails that break the rules of mails.
MALFORMED = (ValueError, LookupError, AttributeError, TypeError, MessageError, RecursionError)


def parsed(raw: bytes) -> EmailMessage:
    """Return a mail as a message; one that cannot be read at all is an empty one."""
    try:
        return message_from_bytes(raw, policy=modern)
    except MALFORMED:
        return EmailMessage()


def clean(text: str, length: int) -> str:
    """Return a text that every database takes, on one line."""
    plain = " ".join(text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "").split())
    return plain[:length]
