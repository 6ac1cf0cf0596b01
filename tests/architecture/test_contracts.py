"""The import contracts name every room, and see a forbidden import when there is one."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tools.check import ROOMS

SETTINGS = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["importlinter"]
LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"

BREACHES = {
    "layers": ("models/breach.py", "import services"),
    "services-common-ground": ("services/audit.py", "import services.billing"),
    "pages-show": ("pages/breach.py", "import services"),
    "state-is-thin": ("state/breach.py", "import ledes"),
    "usable-alone": ("carriers/breach.py", "import models"),
    "ledes-needs-little": ("ledes/breach.py", "import core.settings"),
    "workers-without-reflex": ("services/breach.py", "import reflex"),
    "selenium-one-door": ("carriers/breach.py", "import selenium"),
    "lxml-one-door": ("services/breach.py", "import lxml"),
    "boto3-one-door": ("services/breach.py", "import boto3"),
    "typst-one-door": ("services/breach.py", "import typst"),
    "rq-one-door": ("services/breach.py", "import rq"),
    "imap-one-door": ("services/breach.py", "import imap_tools"),
    "slack-one-door": ("services/breach.py", "import slack_sdk"),
    "phonenumbers-one-door": ("services/breach.py", "import phonenumbers"),
    "openpyxl-one-door": ("services/breach.py", "import openpyxl"),
    "holidays-one-door": ("services/breach.py", "import holidays"),
    "sandbox-stays-outside": ("services/breach.py", "import sandbox"),
}


def test_list_every_room():
    assert set(SETTINGS["root_packages"]) == {*ROOMS, "sandbox"}
    layers = next(contract for contract in SETTINGS["contracts"] if contract["id"] == "layers")["layers"]
    assert {room for layer in layers for room in layer.split(" | ")} == set(ROOMS)


def test_try_every_contract():
    assert {contract["id"] for contract in SETTINGS["contracts"]} == set(BREACHES)


def test_keep_every_contract_without_a_breach(tmp_path):
    _make_rooms(tmp_path)
    status, output = _lint(tmp_path)
    assert status == 0, output
    assert "BROKEN" not in output


@pytest.mark.parametrize("contract", BREACHES)
def test_see_a_breach(contract, tmp_path):
    _make_rooms(tmp_path)
    place, line = BREACHES[contract]
    (tmp_path / place).write_text(f"{line}\n")
    status, output = _lint(tmp_path, "--contract", contract)
    assert status == 1, output
    assert "BROKEN" in output


@pytest.mark.parametrize(
    ("contract", "door", "line"),
    [
        ("selenium-one-door", "carriers/browser.py", "import selenium"),
        ("boto3-one-door", "adapters/evidence.py", "import boto3"),
        ("typst-one-door", "adapters/typesetting.py", "import typst"),
        ("imap-one-door", "adapters/mailbox.py", "import imap_tools"),
        ("rq-one-door", "core/queue.py", "import rq"),
        ("rq-one-door", "jobs/uploads.py", "import rq"),
    ],
)
def test_leave_the_one_door_open(contract, door, line, tmp_path):
    _make_rooms(tmp_path)
    (tmp_path / door).write_text(f"{line}\n")
    status, output = _lint(tmp_path, "--contract", contract)
    assert status == 0, output


def _make_rooms(root: Path) -> None:
    (root / "pyproject.toml").write_text(Path("pyproject.toml").read_text())
    for room in (*ROOMS, "sandbox"):
        (root / room).mkdir()
        (root / room / "__init__.py").write_text("")
    for module in ("core/db.py", "core/settings.py", "core/queue.py", "core/crypto.py", "core/log.py",
                   "sandbox/firm.py"):  # fmt: skip
        (root / module).write_text("")
    common = next(one for one in SETTINGS["contracts"] if one["id"] == "services-common-ground")
    for name in (*common["source_modules"], *common["forbidden_modules"]):
        (root / f"{name.replace('.', '/')}.py").write_text("")


def _lint(root: Path, *options: str) -> tuple[int, str]:
    command = [str(LINT_IMPORTS), "--no-cache", "--no-logo", *options]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(root)})
    return done.returncode, done.stdout + done.stderr
