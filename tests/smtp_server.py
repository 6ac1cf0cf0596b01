"""A real SMTP server on loopback that keeps what it is sent, and says what a test tells it to say."""

import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.servers import unused_port

USER, PASSWORD = "portal", "pass: w@rd/%"


@dataclass(frozen=True)
class Received:
    """One mail as the server took it."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """The mail, read."""
        return message_from_bytes(self.raw, policy=default)


@dataclass
class PostOffice:
    """A running server: what it received, and what it answers where it does not just take an address or a text."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    recipient_answers: dict[str, str] = field(default_factory=dict)
    text_answer: str = ""
    breaks_after_text: bool = False
    log_ins: int = 0

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self.recipient_answers.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.text_answer:
            return self.text_answer
        raw = envelope.original_content or b""
        self.received.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw))
        if self.breaks_after_text:
            server.transport.abort()
        return "250 OK"

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, how: str, data: Any) -> AuthResult:
        """Check a log-in."""
        self.log_ins += 1
        is_good = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_good, handled=False)


@contextmanager
def running_smtp(
    tls: ssl.SSLContext | None = None, *, starttls: bool = False, log_in: bool = False
) -> Iterator[PostOffice]:
    """Start a server on a free port: plain, with STARTTLS, or with TLS from the start."""
    office = PostOffice(port=unused_port())
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # it writes of each connection, after the test as well
    extra: dict[str, Any] = {"auth_required": True, "auth_require_tls": starttls} if log_in else {}
    if log_in:
        extra["authenticator"] = office.authenticate
    if starttls:
        extra |= {"tls_context": tls, "require_starttls": True}
    controller = Controller(
        office, hostname="127.0.0.1", port=office.port, ssl_context=None if starttls else tls, **extra
    )
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


@dataclass(frozen=True)
class Certificates:
    """A certificate of 127.0.0.1 and localhost that signs itself."""

    certificate: Path

    @property
    def server(self) -> ssl.SSLContext:
        """What a server needs to speak TLS."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.certificate.with_suffix(".key"))
        return context


def make_certificates(folder: Path) -> Certificates:
    """Make a key and its certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    at = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "mail.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    path.with_suffix(".key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return Certificates(path)
