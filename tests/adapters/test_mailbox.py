"""One contract, two mailboxes: a Maildir, and a folder of a real IMAP server."""

import mailbox as maildirs
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from adapters import mailbox as adapter
from adapters.mailbox import ImapMailbox, Mailbox, MailboxRefusedError, MailCursor, MaildirMailbox, NewMail, mailbox
from core.errors import InvalidInputError, UnavailableError
from core.settings import Settings
from tests.mail_server import MailServer, running_dovecot
from tests.servers import unused_port

START = MailCursor()
ODD = b"Subject: =?x-unknown?q?=ff?=\r\nFrom: <<<\r\nContent-Type: multipart/mixed\r\n\r\n\xff\xfe body\r\n.\r\nend\r\n"


def mail(number: int, size: int = 0) -> bytes:
    return f"From: a@b.example\r\nMessage-ID: <{number}@b.example>\r\n\r\nMail {number}\r\n".encode() + b"x" * size


class Box(Protocol):
    """A mailbox of a test, seen from both ends."""

    @property
    def mailbox(self) -> Mailbox: ...

    def put(self, *raw: bytes) -> None: ...
    def remove(self, position: int) -> None: ...
    def look_at(self, position: int) -> None: ...
    def renumber(self) -> None: ...


@dataclass
class LocalBox:
    """A Maildir that a mail server delivers to and a person reads."""

    folder: Path

    def __post_init__(self) -> None:
        self.mailbox: Mailbox = MaildirMailbox(self.folder)
        self._box = maildirs.Maildir(self.folder, create=True)
        self._keys: list[str] = []

    def put(self, *raw: bytes) -> None:
        self._keys += [self._box.add(one) for one in raw]

    def remove(self, position: int) -> None:
        self._box.remove(self._keys.pop(position))

    def look_at(self, position: int) -> None:
        key = self._keys[position]
        (self.folder / "new" / key).rename(self.folder / "cur" / f"{key}:2,S")

    def renumber(self) -> None:
        (self.folder / "portal-uidlist").write_text("damaged")


@dataclass
class ImapBox:
    """A folder of a real server."""

    server: MailServer
    folder: str

    def __post_init__(self) -> None:
        self.mailbox: Mailbox = ImapMailbox(self.server.settings(mailbox_folder=self.folder))
        self._kept: list[bytes] = []
        with self.server.client() as box:
            box.folder.create(self.folder)

    def put(self, *raw: bytes) -> None:
        self._kept += raw
        with self.server.client() as box:
            for one in raw:
                box.append(one, self.folder)

    def remove(self, position: int) -> None:
        with self.server.client() as box:
            box.folder.set(self.folder)
            box.delete(box.uids()[position])
        del self._kept[position]

    def look_at(self, position: int) -> None:
        with self.server.client() as box:
            box.folder.set(self.folder)
            box.flag(box.uids()[position], r"\Seen", value=True)

    def renumber(self) -> None:
        kept, self._kept = self._kept, []
        with self.server.client() as box:
            box.folder.delete(self.folder)
            box.folder.create(self.folder)
        self.put(*kept)


@pytest.fixture(scope="module")
def mail_server() -> Iterator[MailServer]:
    with running_dovecot() as server:
        yield server


@pytest.fixture(params=["maildir", pytest.param("imap", marks=pytest.mark.slow)])
def box(request: pytest.FixtureRequest, tmp_path: Path) -> Box:
    if request.param == "maildir":
        return LocalBox(tmp_path / "mail")
    return ImapBox(request.getfixturevalue("mail_server"), f"T{secrets.token_hex(4)}")


def read(box: Box, after: MailCursor = START, limit: int = 100) -> list[NewMail]:
    return list(box.mailbox.new_mails(after, limit=limit))


def test_read_nothing_from_an_empty_mailbox(box):
    assert read(box) == []


def test_read_every_mail_once_in_the_order_of_arrival(box):
    box.put(mail(1), mail(2))
    first = read(box)
    assert [one.raw for one in first] == [mail(1), mail(2)]
    box.put(mail(3))
    assert [one.raw for one in read(box, first[-1].cursor)] == [mail(3)]
    assert read(box, read(box)[-1].cursor) == []


def test_read_in_parts(box):
    box.put(*(mail(number) for number in range(5)))
    cursor, seen = START, []
    while part := read(box, cursor, limit=2):
        assert len(part) <= 2
        seen += [one.raw for one in part]
        cursor = part[-1].cursor
    assert seen == [mail(number) for number in range(5)]


def test_read_what_came_twice_as_two_mails(box):
    box.put(mail(1), mail(1))
    assert [one.raw for one in read(box)] == [mail(1), mail(1)]


def test_read_goes_on_behind_mails_that_were_removed_or_looked_at(box):
    box.put(mail(1), mail(2), mail(3))
    after_first = read(box)[0].cursor
    box.look_at(1)
    box.remove(0)
    box.put(mail(4))
    assert [one.raw for one in read(box, after_first)] == [mail(2), mail(3), mail(4)]


def test_read_all_again_when_the_mails_were_numbered_anew(box):
    box.put(mail(1), mail(2))
    before = read(box)[-1].cursor
    box.renumber()
    again = read(box, before)
    assert [one.raw for one in again] == [mail(1), mail(2)]
    assert again[0].cursor.uid_validity != before.uid_validity
    assert read(box, again[-1].cursor) == []


def test_read_a_malformed_mail_byte_by_byte(box):
    box.put(ODD, b"no headers at all", mail(2))
    assert [one.raw for one in read(box)] == [ODD, b"no headers at all", mail(2)]


def test_read_only_the_headers_of_a_huge_mail(box, monkeypatch):
    monkeypatch.setattr(adapter, "LARGEST_MAIL", 1000)
    box.put(mail(1), mail(2, size=1000), mail(3))
    first, huge, last = read(box)
    assert (first.is_whole, huge.is_whole, last.is_whole) == (True, False, True)
    assert huge.size_bytes > 1000
    assert b"<2@b.example>" in huge.raw
    assert b"Mail 2" not in huge.raw


def test_read_says_when_our_own_server_took_a_mail(box):
    box.put(mail(1))
    [one] = read(box)
    assert one.received_at.tzinfo is not None
    assert one.received_at.year > 2025


def test_read_no_maildir_is_an_empty_mailbox(tmp_path):
    assert list(MaildirMailbox(tmp_path / "nowhere").new_mails(START, limit=5)) == []


def test_read_a_maildir_that_cannot_be_used_is_unavailable(tmp_path):
    box = LocalBox(tmp_path / "mail")
    box.put(mail(1))
    (tmp_path / "mail" / "portal-uidlist.lock").mkdir()
    with pytest.raises(UnavailableError, match="kept"):
        read(box)


@pytest.mark.slow
def test_read_imap_with_a_wrong_password_says_which_settings(mail_server):
    settings = mail_server.settings(mailbox_password="wrong")
    with pytest.raises(MailboxRefusedError, match="BILLING_MAILBOX_PASSWORD"):
        list(ImapMailbox(settings).new_mails(START, limit=5))


@pytest.mark.slow
def test_read_imap_without_such_a_folder_says_so(mail_server):
    with pytest.raises(MailboxRefusedError, match="BILLING_MAILBOX_FOLDER"):
        list(ImapMailbox(mail_server.settings(mailbox_folder="Nowhere")).new_mails(START, limit=5))


@pytest.mark.slow
def test_read_imap_that_is_not_there_is_unavailable(mail_server):
    settings = mail_server.settings(mailbox_port=unused_port())
    with pytest.raises(UnavailableError, match="the rest is read at the next turn"):
        list(ImapMailbox(settings).new_mails(START, limit=5))


@pytest.mark.slow
def test_read_imap_whose_connection_breaks_keeps_what_was_read_and_loses_nothing(mail_server):
    box = ImapBox(mail_server, f"T{secrets.token_hex(4)}")
    box.put(mail(1), mail(2), mail(3))
    mails = box.mailbox.new_mails(START, limit=5)
    first = next(mails)
    assert first.raw == mail(1)
    mail_server.throw_out()
    with pytest.raises(UnavailableError):
        list(mails)
    assert [one.raw for one in read(box, first.cursor)] == [mail(2), mail(3)]


def test_mailbox_on_another_machine_is_never_read_in_the_clear():
    with pytest.raises(InvalidInputError, match="TLS only"):
        mailbox(Settings(mailbox_host="mail.example", mailbox_security="none"))


def test_mailbox_is_the_maildir_while_no_server_is_named(tmp_path):
    LocalBox(tmp_path / "mail").put(mail(1))
    found = mailbox(Settings(var_dir=tmp_path))
    assert [one.raw for one in found.new_mails(START, limit=5)] == [mail(1)]
