"""What is written down is true: links lead somewhere, settings are described, commands and contracts exist."""

import re
import subprocess
from pathlib import Path

import pytest

from core.settings import Settings
from tools.check import ROOMS

LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")
COMMAND = re.compile(r"`make ([a-z-]+)")


def documents() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z", "*.md"], capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := Path(name)).is_file()]


def test_link_to_what_exists():
    broken = [
        f"{path}: {target}"
        for path in documents()
        for target in LINK.findall(path.read_text())
        if not (path.parent / target).exists()
    ]
    assert broken == []


def test_name_commands_that_exist():
    targets = set(re.findall(r"^([a-z-]+):", Path("Makefile").read_text(), re.MULTILINE))
    named = {(str(path), name) for path in documents() for name in COMMAND.findall(path.read_text())}
    assert {(path, name) for path, name in named if name not in targets} == set()


def test_describe_every_setting():
    described = set(re.findall(r"^#? ?BILLING_([A-Z_]+)=", Path(".env.example").read_text(), re.MULTILINE))
    assert described == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("room", ROOMS)
def test_introduce_every_room(room):
    assert f"| `{room}/` |" in Path("CONTRIBUTING.md").read_text()
