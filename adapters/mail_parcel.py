"""A mail made ready to leave: checked, completed, and with its envelope."""

import re
import unicodedata
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses, make_msgid, parseaddr

from core.clock import now
from core.errors import InvalidInputError

_WIRE = SMTP.clone(cte_type="7bit")
_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"]+@[^\s@<>()\[\]\\,;:\"]+")
_RECIPIENT_HEADERS = ("To", "Cc", "Bcc")


@dataclass(frozen=True)
class Sender:
    """Who writes where a message does not say it, and to whom comes back what cannot be delivered ('' = the writer)."""

    address: str = ""
    bounces_to: str = ""


@dataclass(frozen=True)
class Parcel:
    """A message ready for the wire, with its envelope."""

    message_id: str
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def wire(self) -> bytes:
        """The message as it is sent: lines end in CRLF, all 7 bit."""
        return self.message.as_bytes(policy=_WIRE)


def packed(message: EmailMessage, sender: Sender) -> Parcel:
    """Check a message, complete a copy of it, and find its envelope.

    Raises:
        InvalidInputError: a header or an address that no mail may have, no sender, or nobody to send it to.
    """
    _check_headers(message)
    own = deepcopy(message)
    if "From" not in own and sender.address:
        own["From"] = sender.address
    author = _first_address(own, "From")
    recipients = _recipients(own)
    if not author or not recipients:
        lacks = "nobody to send it to" if author else "no sender; set BILLING_MAIL_FROM"
        raise InvalidInputError(f"The mail has {lacks}. Nothing was sent.")
    del own["Bcc"]
    if "Date" not in own:
        own["Date"] = format_datetime(now())
    if "Message-ID" not in own:
        own["Message-ID"] = make_msgid(domain=author.rpartition("@")[2])
    envelope = parseaddr(sender.bounces_to)[1] or author
    _check_address(envelope)
    return Parcel(str(own["Message-ID"]).strip(), envelope, recipients, own)


def _check_headers(message: EmailMessage) -> None:
    """Refuse what could end a header early and begin another."""
    for name, value in message.items():
        if any(unicodedata.category(letter) == "Cc" and letter != "\t" for letter in f"{name}{value}"):
            raise InvalidInputError(f"The header {name!r} of a mail has a line break in it. Nothing was sent.")


def _recipients(message: EmailMessage) -> tuple[str, ...]:
    """Return every address that the message goes to, each once."""
    found = [address for name in _RECIPIENT_HEADERS for address in _addresses(message, name)]
    return tuple(dict.fromkeys(found))


def _addresses(message: EmailMessage, name: str) -> Iterator[str]:
    for header in message.get_all(name, []):
        if getattr(header, "defects", ()):
            raise _no_address(str(header))
        if isinstance(header, AddressHeader):
            found = [person.addr_spec for person in header.addresses]
        else:
            found = [address for _, address in getaddresses([str(header)])]
        for address in found:
            _check_address(address)
            yield address


def _first_address(message: EmailMessage, name: str) -> str:
    return next(_addresses(message, name), "")


def _check_address(address: str) -> None:
    if not _ADDRESS.fullmatch(address) or not address.isprintable():
        raise _no_address(address)


def _no_address(text: str) -> InvalidInputError:
    return InvalidInputError(f"{text[:100]!r} is no e-mail address. Nothing was sent; correct it and try again.")
