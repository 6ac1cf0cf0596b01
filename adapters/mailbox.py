"""Where result mails arrive: what is new since a cursor, in an IMAP folder or a Maildir, of one contract suite.

Reading changes nothing in the mailbox: no mail is marked, moved or deleted.
"""

import fcntl
import imaplib
import os
import re
import secrets
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from core.errors import InvalidInputError, UnavailableError
from core.settings import Settings

LARGEST_MAIL = 10 * 1024 * 1024
"""Bytes; of a larger mail only the headers are read."""
_HEADERS = 64 * 1024
_TIMEOUT_SECONDS = 20.0
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_UID = re.compile(rb"\bUID (\d+)")
_INDEX = "portal-uidlist"


@dataclass(frozen=True)
class MailCursor:
    """How far a mailbox was read. Uids count within one `uid_validity` only: another one means another numbering."""

    uid_validity: int = 0
    uid: int = 0


@dataclass(frozen=True)
class NewMail:
    """One mail as it lies there. `received_at` is when our own server took it; not `is_whole` means headers alone."""

    cursor: MailCursor
    received_at: datetime
    size_bytes: int
    raw: bytes
    is_whole: bool = True


class MailboxRefusedError(UnavailableError):
    """The mail server does not take the log-in, or has no such folder; trying again at once helps nobody."""

    code = "mailbox_refused"
    retryable = False


class Mailbox(Protocol):
    """A place where mails arrive."""

    def new_mails(self, after: MailCursor, *, limit: int) -> Iterator[NewMail]:
        """Yield up to `limit` mails that came after the cursor, the oldest first; all when its numbering is not ours.

        Raises:
            UnavailableError: the mailbox cannot be reached; what was yielded before is sound.
            MailboxRefusedError: it was reached and refused us.
        """
        ...


class ImapMailbox:
    """A folder of an IMAP server, one connection a reading."""

    def __init__(self, settings: Settings) -> None:
        self._host, self._port = settings.mailbox_host, settings.mailbox_port
        self._security, self._folder = settings.mailbox_security, settings.mailbox_folder
        self._user, self._password = settings.mailbox_user, settings.mailbox_password
        self._ca_path = settings.mailbox_ca_path
        if self._security == "none" and not _is_this_machine(self._host):
            message = "A mailbox on another machine is read by TLS only. Set BILLING_MAILBOX_SECURITY to tls."
            raise InvalidInputError(message)

    def new_mails(self, after: MailCursor, *, limit: int) -> Iterator[NewMail]:
        """Yield what came after the cursor."""
        with _told_of(self._host), self._opened() as box:
            validity = self._uid_validity(box)
            last = after.uid if after.uid_validity == validity else 0
            found = sorted(uid for uid in map(int, box.uids(f"UID {last + 1}:*")) if uid > last)
            for uid in found[:limit]:
                mail = _fetched(box.client, MailCursor(validity, uid))
                if mail is not None:  # otherwise somebody deleted it meanwhile
                    yield mail

    @contextmanager
    def _opened(self) -> Iterator[BaseMailBox]:
        box = self._connected()
        try:
            box.login(self._user, self._password.get_secret_value(), initial_folder=None)
            box.folder.set(self._folder, readonly=True)
            yield box
        finally:
            with suppress(OSError, imaplib.IMAP4.error, ImapToolsError):
                box.logout()
            with suppress(OSError):  # a broken connection is not closed by logging out
                box.client.shutdown()

    def _connected(self) -> BaseMailBox:
        if self._security == "none":
            return MailBoxUnencrypted(self._host, self._port, _TIMEOUT_SECONDS)
        context = ssl.create_default_context(cafile=str(self._ca_path) if self._ca_path else None)
        if self._security == "starttls":
            return MailBoxStartTls(self._host, self._port, _TIMEOUT_SECONDS, ssl_context=context)
        return MailBox(self._host, self._port, _TIMEOUT_SECONDS, ssl_context=context)

    def _uid_validity(self, box: BaseMailBox) -> int:
        _, answer = box.client.response("UIDVALIDITY")
        told = answer[0] if answer else None
        if not isinstance(told, bytes) or not told.isdigit():
            message = f"The mail server {self._host} does not number its mails, so none was read."
            raise MailboxRefusedError(message)
        return int(told)


class MaildirMailbox:
    """A Maildir folder. Our own list of its mails gives each a uid, as mail servers do; the mails stay untouched."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new_mails(self, after: MailCursor, *, limit: int) -> Iterator[NewMail]:
        """Yield what came after the cursor."""
        try:
            validity, uids = self._numbered()
        except OSError as wrong:
            raise _away(str(self._folder)) from wrong
        last = after.uid if after.uid_validity == validity else 0
        found = sorted((uid, key) for key, uid in uids.items() if uid > last)
        for uid, key in found[:limit]:
            mail = self._read(MailCursor(validity, uid), key)
            if mail is not None:
                yield mail

    def _read(self, cursor: MailCursor, key: str) -> NewMail | None:
        path = self._paths().get(key)
        if path is None:
            return None
        try:
            with path.open("rb") as handle:
                about = os.fstat(handle.fileno())
                is_whole = about.st_size <= LARGEST_MAIL
                raw = handle.read() if is_whole else _head(handle.read(_HEADERS))
        except FileNotFoundError:
            return None
        except OSError as wrong:
            raise _away(str(self._folder)) from wrong
        return NewMail(cursor, datetime.fromtimestamp(about.st_mtime, UTC), about.st_size, raw, is_whole)

    def _paths(self) -> dict[str, Path]:
        """Return every mail by its key: the name before the flags, which change when somebody reads it."""
        names = (path for part in ("new", "cur") for path in (self._folder / part).glob("*"))
        return {path.name.partition(":")[0]: path for path in names if not path.name.startswith(".")}

    def _numbered(self) -> tuple[int, dict[str, int]]:
        """Give every mail that has none a uid and return all; a list that is gone or damaged is begun anew."""
        if not self._folder.is_dir():
            return 0, {}
        index = self._folder / _INDEX
        with (self._folder / f"{_INDEX}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            validity, uids = _read_index(index)
            arrived = {key: path for key, path in self._paths().items() if key not in uids}
            following = max(uids.values(), default=0) + 1
            for uid, key in enumerate(sorted(arrived, key=lambda key: (_mtime(arrived[key]), key)), following):
                uids[key] = uid
            if arrived or not index.exists():
                _write_index(index, validity, uids)
        return validity, uids


def mailbox(settings: Settings) -> Mailbox:
    """Return the mailbox that the settings name: the IMAP folder, or the local Maildir while no host is named."""
    return ImapMailbox(settings) if settings.mailbox_host else MaildirMailbox(settings.maildir)


def _fetched(client: imaplib.IMAP4, cursor: MailCursor) -> NewMail | None:
    told = _answer(client, cursor.uid, "(UID RFC822.SIZE INTERNALDATE)")
    size = _SIZE.search(told[0])
    if size is None:
        return None
    size_bytes = int(size[1])
    is_whole = size_bytes <= LARGEST_MAIL
    _, raw = _answer(client, cursor.uid, "(UID BODY.PEEK[])" if is_whole else "(UID BODY.PEEK[HEADER])")
    return NewMail(cursor, _received(told[0]), size_bytes, raw, is_whole) if raw else None


def _answer(client: imaplib.IMAP4, uid: int, wanted: str) -> tuple[bytes, bytes]:
    """Return the words and the literal of the answer to one FETCH; both empty when there is no such mail."""
    status, parts = client.uid("FETCH", str(uid), wanted)
    if status != "OK":
        raise imaplib.IMAP4.abort(f"FETCH answered {status}")
    words, literal = b"", b""
    for part in parts or ():
        if isinstance(part, tuple):
            words, literal = words + b" " + part[0], part[1]
        elif isinstance(part, bytes):
            words += b" " + part
    found = _UID.search(words)
    return (words, literal) if found and int(found[1]) == uid else (b"", b"")


def _received(words: bytes) -> datetime:
    local = imaplib.Internaldate2tuple(words[words.find(b"INTERNALDATE") :])
    if local is None:
        return datetime.now(UTC)
    return datetime.fromtimestamp(time.mktime(local), UTC)


@contextmanager
def _told_of(host: str) -> Iterator[None]:
    """Turn what a connection may end with into a sentence."""
    try:
        yield
    except MailboxLoginError as wrong:
        message = (
            f"The mail server {host} does not take the log-in. No mail was read and none is lost; correct "
            "BILLING_MAILBOX_USER and BILLING_MAILBOX_PASSWORD."
        )
        raise MailboxRefusedError(message) from wrong
    except MailboxFolderSelectError as wrong:
        message = f"The mail server {host} has no such folder. No mail was read; correct BILLING_MAILBOX_FOLDER."
        raise MailboxRefusedError(message) from wrong
    except ssl.SSLCertVerificationError as wrong:
        message = f"The certificate of the mail server {host} is not good: no password was sent, no mail was read."
        raise MailboxRefusedError(message) from wrong
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as wrong:
        raise _away(host) from wrong


def _away(where: str) -> UnavailableError:
    message = f"The mailbox of {where} cannot be read now. What was read is kept, the rest is read at the next turn."
    return UnavailableError(message)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _head(beginning: bytes) -> bytes:
    """Return the headers of a mail whose beginning is given."""
    return re.split(rb"(?<=\n)\r?\n", beginning, maxsplit=1)[0]


def _mtime(path: Path) -> float:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime
    return 0.0


def _read_index(index: Path) -> tuple[int, dict[str, int]]:
    """Return the numbering and the uid of each key; a new numbering where there is no sound list."""
    with suppress(FileNotFoundError, ValueError):
        first, *lines = index.read_text(encoding="utf-8").splitlines()
        pairs = (line.split(" ", 1) for line in lines)
        return int(first), {key: int(uid) for uid, key in pairs}
    return secrets.randbelow(2**31) + 1, {}


def _write_index(index: Path, validity: int, uids: dict[str, int]) -> None:
    draft = index.with_suffix(".draft")
    lines = [str(validity), *(f"{uid} {key}" for key, uid in uids.items())]
    draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
    draft.replace(index)
