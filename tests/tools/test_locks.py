"""The locks belong to their lists: every package pinned, with hashes, the same version everywhere."""

import re
from pathlib import Path

import pytest

ENTRY = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)(.*?)(?=^[a-z0-9]|\Z)", re.MULTILINE | re.DOTALL)
LOCKS = {"requirements.txt": ["app"], "requirements/dev.txt": ["app", "demo", "dev"]}


def pinned(lock: str) -> dict[str, str]:
    return {name: version for name, version, _ in ENTRY.findall(Path(lock).read_text())}


def listed(name: str) -> set[str]:
    lines = Path(f"requirements/{name}.in").read_text().splitlines()
    found = (re.match(r"[A-Za-z0-9._-]+", line) for line in lines if not line.startswith(("#", "-")))
    return {match.group().lower().replace("_", "-") for match in found if match}


@pytest.mark.parametrize("lock", LOCKS)
def test_pin_every_listed_package(lock):
    assert set().union(*(listed(name) for name in LOCKS[lock])) - set(pinned(lock)) == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_hash_every_package(lock):
    assert [name for name, _, rest in ENTRY.findall(Path(lock).read_text()) if "--hash=sha256:" not in rest] == []


def test_pin_the_same_versions_in_both():
    app, dev = pinned("requirements.txt"), pinned("requirements/dev.txt")
    assert {name for name, version in app.items() if dev.get(name) != version} == set()


def test_keep_test_tools_out_of_production():
    assert not {"pytest", "ruff", "mypy", "moto", "supervisor", "oidc-provider-mock"} & set(pinned("requirements.txt"))
