"""Where our own mails leave: an SMTP server, or a folder on this machine. Both pass one contract suite.

`send` takes one whole message and is all or nothing: when one recipient is refused, nobody is sent anything.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import unquote, urlsplit

from adapters import outbox
from adapters.mail_parcel import Parcel, Sender, packed
from core.errors import BillingError, InvalidInputError, UnavailableError
from core.settings import Settings

Security = Literal["tls", "starttls", "none"]

_TIMEOUT_SECONDS = 20.0
_NOBODY = Sender()
_TEMPORARY = range(400, 500)
_UNSAFE_IN_NAMES = re.compile(r"[^A-Za-z0-9.@+_-]")
_PORTS = {"smtp": 587, "smtps": 465}


class MailRefusedError(BillingError):
    """The mail server refuses this message for good; `recipient` is whom it named, '' when it named nobody."""

    code = "mail_refused"
    status_code = 502

    def __init__(self, user_message: str, *, recipient: str = "", smtp_code: int = 0) -> None:
        super().__init__(user_message, recipient=recipient, smtp_code=smtp_code)
        self.recipient = recipient
        self.smtp_code = smtp_code


class MailDeferredError(UnavailableError):
    """The mail server is away or says 'not now': nothing was sent, the same message may be tried again."""

    code = "mail_deferred"

    def __init__(self, user_message: str, *, recipient: str = "", smtp_code: int = 0) -> None:
        super().__init__(user_message, recipient=recipient, smtp_code=smtp_code)
        self.recipient = recipient
        self.smtp_code = smtp_code


class MailUncertainError(UnavailableError):
    """The connection broke after the message had left and before the answer; only the same Message-ID may go again."""

    code = "mail_uncertain"


class MailServerRefusedError(UnavailableError):
    """The mail server does not take our log-in or our certificate is not good; trying again helps nobody."""

    code = "mail_server_refused"
    retryable = False


class Mailer(Protocol):
    """A way for mails to leave."""

    def send(self, message: EmailMessage) -> str:
        """Send a message to everybody it names and return its Message-ID, in angle brackets.

        From, Date and Message-ID are added where the message has none; a second sending of the same message wants the
        Message-ID of the first. Bcc is taken out of what is sent. The message of the caller stays as it was.

        Raises:
            InvalidInputError: a header or an address that no mail may have; nothing was sent.
            MailRefusedError: refused for good; nothing was sent.
            MailDeferredError: away or refused for now; nothing was sent, try again later.
            MailUncertainError: it may have been sent.
            MailServerRefusedError: the settings do not fit the server; nothing was sent.
        """
        ...


class OutboxMailer:
    """A folder that each message is written into as an .eml file, while no mail server is named.

    The file is named by its Message-ID: sent twice, it is there once.
    """

    def __init__(self, directory: Path, *, sender: Sender = _NOBODY) -> None:
        self._directory, self._sender = directory, sender

    def send(self, message: EmailMessage) -> str:
        """Write a message into the folder."""
        parcel = packed(message, self._sender)
        envelope = f"Return-Path: <{parcel.sender}>\r\nX-Envelope-To: {', '.join(parcel.recipients)}\r\n"
        name = _UNSAFE_IN_NAMES.sub("_", parcel.message_id.strip("<>"))[:150]
        try:
            outbox.put(self._directory, f"{name}.eml", envelope.encode() + parcel.wire)
        except OSError as wrong:
            sentence = f"The folder {self._directory} cannot be written, so the mail was not sent. It is tried again."
            raise MailDeferredError(sentence) from wrong
        return parcel.message_id


class SmtpMailer:
    """A mail server that takes messages on; one connection a message."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        user: str = "",
        password: str = "",
        security: Security = "starttls",
        sender: Sender = _NOBODY,
        ca_path: Path | None = None,
        timeout_seconds: float = _TIMEOUT_SECONDS,
    ) -> None:
        if security == "none" and not _is_this_machine(host):
            message = "A mail server on another machine is spoken to by TLS only. Use starttls or tls."
            raise InvalidInputError(message)
        self._host, self._port, self._security = host, port, security
        self._user, self._password = user, password
        self._sender = sender
        self._ca_path, self._timeout_seconds = ca_path, timeout_seconds

    def send(self, message: EmailMessage) -> str:
        """Hand a message to the server."""
        parcel = packed(message, self._sender)
        with _told_of(self._host), self._opened() as client:
            _offer(client, parcel)
            _hand_over(client, parcel)
        return parcel.message_id

    @contextmanager
    def _opened(self) -> Iterator[smtplib.SMTP]:
        client = self._connected()
        try:
            if self._security == "starttls":
                client.starttls(context=self._tls())
            client.ehlo_or_helo_if_needed()
            if self._user:
                client.login(self._user, self._password)
            yield client
            with suppress(OSError, smtplib.SMTPException):
                client.quit()  # not after an error: a server that hangs would hang here once more
        finally:
            client.close()

    def _connected(self) -> smtplib.SMTP:
        if self._security == "tls":
            return smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout_seconds, context=self._tls())
        return smtplib.SMTP(self._host, self._port, timeout=self._timeout_seconds)

    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self._ca_path) if self._ca_path else None)


class UnusableMailer:
    """Stands in where the settings name no way out that can be used: every mail is put off with the reason."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def send(self, message: EmailMessage) -> str:
        """Refuse; the message is not looked at."""
        del message
        raise MailServerRefusedError(self._reason)


def mailer_from(settings: Settings) -> Mailer:
    """Return the way out that the settings name: the SMTP server, or the folder outbox/ while none is named.

    Raises:
        InvalidInputError: BILLING_SMTP_URL is no address of a mail server.
    """
    url = settings.smtp_url.get_secret_value().strip()
    sender = Sender(settings.mail_from, settings.mail_bounces_to)
    if not url:
        return OutboxMailer(settings.outbox_dir, sender=sender)
    host, port, security = _place(url)
    parts = urlsplit(url)
    return SmtpMailer(
        host,
        port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        security=security,
        sender=sender,
        ca_path=settings.smtp_ca_path,
    )


def _place(url: str) -> tuple[str, int, Security]:
    """Return host, port and security; smtp:// wants STARTTLS except on this machine, smtps:// is TLS from the start."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        host, port = "", 0
    if not host:
        message = (
            "BILLING_SMTP_URL is no mail server. Nothing was sent; write smtp://user:password@host:587 or smtps://."
        )
        raise InvalidInputError(message)  # the address itself is not repeated: it holds a password
    if parts.scheme == "smtps":
        return host, port, "tls"
    return host, port, "none" if _is_this_machine(host) else "starttls"


def _offer(client: smtplib.SMTP, parcel: Parcel) -> None:
    """Name sender and recipients; when one is not taken, take everything back."""
    options = [] if "".join((parcel.sender, *parcel.recipients)).isascii() else _international(client)
    code, said = client.mail(parcel.sender, options)
    if code not in range(200, 300):
        raise _refused(code, said, "")
    for recipient in parcel.recipients:
        code, said = client.rcpt(recipient)
        if code not in range(200, 300):
            with suppress(OSError, smtplib.SMTPException):
                client.rset()
            raise _refused(code, said, recipient)


def _international(client: smtplib.SMTP) -> list[str]:
    if not client.has_extn("smtputf8"):
        raise MailRefusedError("The mail server takes no address with letters beyond a-z. Nothing was sent.")
    client.command_encoding = "utf-8"
    return ["SMTPUTF8", "BODY=8BITMIME"]


def _hand_over(client: smtplib.SMTP, parcel: Parcel) -> None:
    """Send the text; from here on a broken connection leaves open whether it arrived."""
    try:
        code, said = client.data(parcel.wire)
    except smtplib.SMTPDataError as wrong:  # it did not want the text at all
        raise _refused(wrong.smtp_code, wrong.smtp_error, "") from wrong
    except (OSError, smtplib.SMTPServerDisconnected) as wrong:
        message = (
            "The connection to the mail server broke while it took the mail: it may have been sent. "
            "It is sent again under the same Message-ID, so that it shows once."
        )
        raise MailUncertainError(message, message_id=parcel.message_id) from wrong
    if code not in range(200, 300):
        raise _refused(code, said, "")


def _refused(code: int, said: bytes | str, recipient: str) -> BillingError:
    """Return the error for what the server said; its first line is shown, it names no secret of ours."""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    first = " ".join(words.split())[:200]
    whom = f" for {recipient}" if recipient else ""
    if code in _TEMPORARY:
        message = (
            f"The mail server does not take the mail{whom} now ({code} {first}). Nothing was sent; it is tried again."
        )
        return MailDeferredError(message, recipient=recipient, smtp_code=code)
    message = f"The mail server refused the mail{whom} ({code} {first}). Nothing was sent; correct the address."
    return MailRefusedError(message, recipient=recipient, smtp_code=code)


@contextmanager
def _told_of(host: str) -> Iterator[None]:
    """Turn what a connection may end with into a sentence."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as wrong:
        if wrong.smtp_code in _TEMPORARY:
            raise _away(host) from wrong
        message = f"The mail server {host} does not take the log-in. Nothing was sent; correct BILLING_SMTP_URL."
        raise MailServerRefusedError(message, smtp_code=wrong.smtp_code) from wrong
    except ssl.SSLCertVerificationError as wrong:
        message = f"The certificate of the mail server {host} is not good: no password was sent, no mail was sent."
        raise MailServerRefusedError(message) from wrong
    except smtplib.SMTPNotSupportedError as wrong:
        message = f"The mail server {host} offers no TLS or no log-in. Nothing was sent; correct BILLING_SMTP_URL."
        raise MailServerRefusedError(message) from wrong
    except (OSError, smtplib.SMTPException) as wrong:
        raise _away(host) from wrong


def _away(host: str) -> MailDeferredError:
    return MailDeferredError(f"The mail server {host} cannot be reached. Nothing was sent; it is tried again.")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
