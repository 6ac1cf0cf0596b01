"""One contract, two ways out: a folder, and a real SMTP server; and what servers answer when they do not like it."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

import pytest

from adapters.mail_parcel import Sender
from adapters.mailer import (
    MailDeferredError,
    Mailer,
    MailRefusedError,
    MailServerRefusedError,
    MailUncertainError,
    OutboxMailer,
    SmtpMailer,
    mailer_from,
)
from core.errors import InvalidInputError
from core.settings import Settings
from tests.servers import unused_port
from tests.smtp_server import PASSWORD, USER, Certificates, PostOffice, make_certificates, running_smtp

US = Sender("Billing portal <billing@hwr.example>", "bounces@hwr.example")

# The server's own warning: it does not see that TLS was spoken from the start.
NO_STARTTLS_NEEDED = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


def mail(to: str = "ann@hwr.example", subject: str = "3 proformas wait", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["To"], message["Subject"] = to, subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Zwölf Rechnungen.\n.\nEnd\n")
    message.add_alternative("<p>Zwölf</p>", subtype="html")
    return message


def old_mail(to: str, subject: str) -> Message:
    """Return a message whose class keeps what EmailMessage would refuse."""
    message = Message()
    message["To"], message["Subject"] = to, subject
    message.set_payload("Hello")
    return message


@dataclass(frozen=True)
class Arrived:
    """A mail with its envelope, at the other end."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage


class Way(Protocol):
    """A way out of a test, seen from both ends."""

    mailer: Mailer

    def arrived(self) -> list[Arrived]: ...


@dataclass
class FolderWay:
    folder: Path

    def __post_init__(self) -> None:
        self.mailer: Mailer = OutboxMailer(self.folder, sender=US)

    def arrived(self) -> list[Arrived]:
        return [self._read(path.read_bytes()) for path in sorted(self.folder.glob("*.eml"))]

    def _read(self, raw: bytes) -> Arrived:
        message = message_from_bytes(raw, policy=default)
        sender, recipients = message["Return-Path"].strip("<>"), tuple(message["X-Envelope-To"].split(", "))
        del message["X-Envelope-To"]
        return Arrived(sender, recipients, message)


@dataclass
class SmtpWay:
    office: PostOffice

    def __post_init__(self) -> None:
        self.mailer: Mailer = SmtpMailer("127.0.0.1", self.office.port, security="none", sender=US)

    def arrived(self) -> list[Arrived]:
        return [Arrived(one.sender, one.recipients, one.message) for one in self.office.received]


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with running_smtp() as found:
        yield found


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture(params=["outbox", pytest.param("smtp", marks=pytest.mark.slow)])
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Way:
    return FolderWay(tmp_path / "outbox") if request.param == "outbox" else SmtpWay(request.getfixturevalue("office"))


def test_send_a_mail_whole(way):
    sent = mail()
    assert way.mailer.send(sent).endswith("@hwr.example>")
    (one,) = way.arrived()
    assert one.message.get_body(("plain",)).get_content() == "Zwölf Rechnungen.\n.\nEnd\n"
    assert one.message.get_body(("html",)).get_content().strip() == "<p>Zwölf</p>"
    assert one.message["Subject"] == "3 proformas wait"


def test_send_completes_what_the_message_lacks_and_leaves_the_message_alone(way):
    sent = mail()
    message_id = way.mailer.send(sent)
    (one,) = way.arrived()
    assert one.message["From"] == "Billing portal <billing@hwr.example>"
    assert one.message["Message-ID"] == message_id
    assert one.message["Date"].datetime.tzinfo is not None
    assert {"From", "Date", "Message-ID"}.isdisjoint(sent.keys())


def test_send_keeps_what_the_message_says_itself(way):
    assert way.mailer.send(mail(From="x@hwr.example", Message_ID="<7@hwr.example>")) == "<7@hwr.example>"
    (one,) = way.arrived()
    assert (one.message["From"], one.message["Message-ID"]) == ("x@hwr.example", "<7@hwr.example>")
    assert one.sender == "bounces@hwr.example"


def test_send_to_everybody_once_and_hide_who_got_a_blind_copy(way):
    way.mailer.send(mail("Ann <ann@hwr.example>, bob@hwr.example", Cc="ann@hwr.example", Bcc="eve@hwr.example"))
    (one,) = way.arrived()
    assert one.recipients == ("ann@hwr.example", "bob@hwr.example", "eve@hwr.example")
    assert "eve" not in one.message.as_string()


def test_send_text_of_any_language_as_plain_7_bit(way):
    way.mailer.send(mail(subject="Rückfrage: 42 Zeilen · bitte prüfen 漢字"))
    (one,) = way.arrived()
    assert one.message["Subject"] == "Rückfrage: 42 Zeilen · bitte prüfen 漢字"
    assert one.message.as_bytes().isascii()


def test_send_lines_longer_than_servers_take(way):
    message = mail()
    message.clear_content()
    message.set_content("word " * 1000)
    way.mailer.send(message)
    (one,) = way.arrived()
    assert max(len(line) for line in one.message.as_bytes().splitlines()) < 998
    assert one.message.get_content().split() == ["word"] * 1000


def test_send_an_attachment_unchanged(way):
    message = mail()
    message.add_attachment(b"%PDF-1.7\r\n\x00\xff", maintype="application", subtype="pdf", filename="10007.pdf")
    way.mailer.send(message)
    (one,) = way.arrived()
    (paper,) = one.message.iter_attachments()
    assert (paper.get_filename(), paper.get_content()) == ("10007.pdf", b"%PDF-1.7\r\n\x00\xff")


@pytest.mark.parametrize("to", ["ann@hwr.example eve@hwr.example", "ann@hwr.example>", "ann", "a b@hwr.example", ""])
def test_send_to_no_address_is_refused(way, to):
    with pytest.raises(InvalidInputError, match="Nothing was sent"):
        way.mailer.send(mail(to))
    assert way.arrived() == []


@pytest.mark.parametrize("to", ["ann", "ann@", "@hwr.example", "a@b@c", "ann@hwr.example, <x>", "an n@hwr.example", ""])
def test_send_a_message_of_the_old_kind_to_no_address_is_refused(way, to):
    with pytest.raises(InvalidInputError, match="Nothing was sent"):
        way.mailer.send(old_mail(to, "Hello"))
    assert way.arrived() == []


def test_send_without_a_sender_says_which_setting(tmp_path):
    with pytest.raises(InvalidInputError, match="BILLING_MAIL_FROM"):
        OutboxMailer(tmp_path).send(mail())


@pytest.mark.parametrize("break_", ["\n", "\r", "\r\n", "\x00", "\x0b", "\x85"])
def test_send_a_header_with_a_line_break_is_refused(way, break_):
    with pytest.raises(InvalidInputError, match=r"'Subject'.*line break.*Nothing was sent"):
        way.mailer.send(old_mail("ann@hwr.example", f"Hello{break_}Bcc: eve@evil.example"))
    assert way.arrived() == []


@pytest.mark.parametrize("value", ["Hi\r\nBcc: eve@evil.example", "Hi\nBcc: eve@evil.example"])
def test_compose_a_header_with_a_line_break_is_refused(value):
    with pytest.raises(ValueError, match="linefeed"):
        mail(subject=value)


def test_send_twice_into_the_folder_leaves_one_file(tmp_path):
    way = FolderWay(tmp_path / "outbox")
    for _ in range(2):
        way.mailer.send(mail(Message_ID="<../../7 of 9@hwr.example>"))
    assert [path.name for path in (tmp_path / "outbox").iterdir()] == [".._.._7_of_9@hwr.example.eml"]


def test_send_into_a_folder_that_cannot_be_written_may_be_tried_again(tmp_path):
    (tmp_path / "outbox").write_text("a file stands here")
    with pytest.raises(MailDeferredError) as caught:
        OutboxMailer(tmp_path / "outbox", sender=US).send(mail())
    assert caught.value.retryable


@pytest.mark.slow
def test_send_to_a_recipient_that_is_refused_sends_to_nobody_and_names_it(office):
    office.recipient_answers["gone@hwr.example"] = "550 5.1.1 no such person"
    with pytest.raises(MailRefusedError, match=r"gone@hwr\.example \(550 5\.1\.1 no such person\)") as caught:
        SmtpWay(office).mailer.send(mail("ann@hwr.example, gone@hwr.example"))
    assert (caught.value.recipient, caught.value.smtp_code, caught.value.retryable) == ("gone@hwr.example", 550, False)
    assert office.received == []


@pytest.mark.slow
def test_send_to_a_recipient_that_is_full_may_be_tried_again(office):
    office.recipient_answers["ann@hwr.example"] = "452 4.2.2 mailbox full"
    with pytest.raises(MailDeferredError, match="452") as caught:
        SmtpWay(office).mailer.send(mail())
    assert (caught.value.recipient, caught.value.smtp_code, caught.value.retryable) == ("ann@hwr.example", 452, True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "error"), [("554 5.7.1 looks like spam", MailRefusedError), ("451 4.3.0 later", MailDeferredError)]
)
def test_send_a_text_that_is_refused_names_no_recipient(office, answer, error):
    office.text_answer = answer
    with pytest.raises(error, match=answer[:3]) as caught:
        SmtpWay(office).mailer.send(mail())
    assert caught.value.recipient == ""


@pytest.mark.slow
def test_send_whose_answer_never_comes_is_uncertain(office):
    office.breaks_after_text = True
    with pytest.raises(MailUncertainError, match="may have been sent") as caught:
        SmtpWay(office).mailer.send(mail())
    assert caught.value.retryable
    assert len(office.received) == 1


@pytest.mark.slow
def test_send_to_a_server_that_is_not_there_may_be_tried_again():
    with pytest.raises(MailDeferredError, match="cannot be reached") as caught:
        SmtpMailer("127.0.0.1", unused_port(), security="none", sender=US).send(mail())
    assert caught.value.retryable


@pytest.mark.slow
@NO_STARTTLS_NEEDED
def test_send_with_log_in_over_tls_as_the_settings_say(certificates):
    with running_smtp(certificates.server, log_in=True) as office:
        url = f"smtps://{USER}:{quote(PASSWORD, safe='')}@localhost:{office.port}"
        mailer_from(Settings(smtp_url=url, smtp_ca_path=certificates.certificate)).send(mail())
    assert [one.sender for one in office.received] == ["billing@hwr.example"]


@pytest.mark.slow
def test_send_by_starttls(certificates):
    with running_smtp(certificates.server, starttls=True, log_in=True) as office:
        mailer = SmtpMailer(
            "localhost", office.port, user=USER, password=PASSWORD, sender=US, ca_path=certificates.certificate
        )
        mailer.send(mail())
    assert len(office.received) == 1


@pytest.mark.slow
@NO_STARTTLS_NEEDED
def test_send_with_a_wrong_password_says_which_setting_and_not_the_password(certificates):
    with running_smtp(certificates.server, log_in=True) as office:
        mailer = SmtpMailer(
            "localhost", office.port, user=USER, password="hunter2", security="tls", sender=US,
            ca_path=certificates.certificate,
        )  # fmt: skip
        with pytest.raises(MailServerRefusedError, match="BILLING_SMTP_URL") as caught:
            mailer.send(mail())
    assert "hunter2" not in f"{caught.value.user_message}{caught.value.facts}"
    assert not caught.value.retryable


@pytest.mark.slow
@NO_STARTTLS_NEEDED
def test_send_no_password_to_a_server_whose_certificate_is_not_good(certificates):
    with running_smtp(certificates.server, log_in=True) as office:
        mailer = SmtpMailer("localhost", office.port, user=USER, password=PASSWORD, security="tls", sender=US)
        with pytest.raises(MailServerRefusedError, match="no password was sent"):
            mailer.send(mail())
    assert office.log_ins == 0


@pytest.mark.slow
def test_send_no_password_to_a_server_without_tls(office):
    mailer = SmtpMailer("127.0.0.1", office.port, user=USER, password=PASSWORD, sender=US)
    with pytest.raises(MailServerRefusedError, match="offers no TLS"):
        mailer.send(mail())
    assert office.received == []


def test_name_no_server_writes_into_the_outbox(tmp_path):
    settings = Settings(var_dir=tmp_path)
    message_id = mailer_from(settings).send(mail())
    (written,) = (tmp_path / "outbox").glob("*.eml")
    assert written.name == f"{message_id.strip('<>')}.eml"


@pytest.mark.parametrize("url", ["mail.hwr.example", "http://u:hunter2@mail", "smtp://", "smtp://u:hunter2@h:port"])
def test_name_a_server_wrongly_says_how_it_is_written_and_repeats_no_password(url):
    with pytest.raises(InvalidInputError, match="BILLING_SMTP_URL") as caught:
        mailer_from(Settings(smtp_url=url))
    assert "hunter2" not in caught.value.user_message


def test_name_a_server_keeps_its_password_out_of_the_settings_text():
    assert "hunter2" not in repr(Settings(smtp_url="smtp://u:hunter2@mail.example"))


def test_speak_plainly_to_another_machine_is_refused():
    with pytest.raises(InvalidInputError, match="TLS only"):
        SmtpMailer("mail.hwr.example", 25, security="none")
