"""A private Dovecot on loopback: a real IMAP server with one user, stopped again by process id."""

import grp
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from imap_tools import MailBoxUnencrypted

from core.settings import Settings
from tests.servers import ServerMissingError, program, running, unused_port

USER, PASSWORD = "results", "practice-only"
_CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain
auth_failure_delay = 0
mail_location = maildir:{mail}
first_valid_uid = 1
first_valid_gid = 1
{identity}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = user={user} password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={mail}
}}
"""


@dataclass(frozen=True)
class MailServer:
    """A running server: its port, its mail folder, and its process id."""

    port: int
    mail: Path
    pid: int
    config: Path

    def settings(self, **changes: object) -> Settings:
        """Return settings that read its INBOX."""
        given = {"mailbox_host": "127.0.0.1", "mailbox_port": self.port, "mailbox_security": "none",
                 "mailbox_user": USER, "mailbox_password": PASSWORD}  # fmt: skip
        return Settings(**{**given, **changes})

    def throw_out(self) -> None:
        """Close every connection, as a server that is shut down does."""
        command = [program("doveadm", "dovecot-core"), "-c", str(self.config), "kick", USER]
        subprocess.run(command, check=True, capture_output=True, timeout=20)

    @contextmanager
    def client(self) -> Iterator[MailBoxUnencrypted]:
        """Open the mailbox as a person would."""
        with MailBoxUnencrypted("127.0.0.1", self.port, 10) as box:
            box.login(USER, PASSWORD)
            yield box


@contextmanager
def running_dovecot() -> Iterator[MailServer]:
    """Start a Dovecot of its own on a free port, with an empty mailbox."""
    daemon = program("dovecot", "dovecot-imapd")
    home = Path(tempfile.mkdtemp(prefix="dovecot-"))
    port, mail = unused_port(), home / "mail"
    try:
        home.chmod(0o755)
        mail.mkdir()
        uid, gid, identity = _identity(mail)
        config = home / "dovecot.conf"
        config.write_text(
            _CONFIG.format(
                home=home, mail=mail, port=port, identity=identity, uid=uid, gid=gid, user=USER,
                password=PASSWORD,
            )
        )  # fmt: skip
        with running([daemon, "-F", "-c", str(config)], home / "output") as process:
            server = MailServer(port, mail, process.pid, config)
            _await_login(server, home)
            yield server
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _identity(mail: Path) -> tuple[int, int, str]:
    """Return who reads the mail: root may not, so the server's own user does; anybody else does so themselves."""
    if os.geteuid() != 0:
        name, group = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
        own = f"default_internal_user = {name}\ndefault_internal_group = {group}\ndefault_login_user = {name}"
        return os.geteuid(), os.getegid(), own
    found = pwd.getpwnam("mail")
    os.chown(mail, found.pw_uid, found.pw_gid)
    return found.pw_uid, found.pw_gid, ""


def _await_login(server: MailServer, home: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            with server.client():
                return
        except OSError:
            time.sleep(0.05)
    log = "".join(path.read_text(errors="replace")[-2000:] for path in (home / "log", home / "output") if path.exists())
    message = f"Dovecot did not start: {log}"
    raise ServerMissingError(message)
