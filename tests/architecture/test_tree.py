"""The tree keeps the shape that the product promises: rooms, names, first lines, and nothing of anybody's machine."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tools.check import BESIDE, ROOMS

ROOT_FILES = {".env.example", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "README.md", "SECURITY.md",
              "pyproject.toml", "requirements.txt", "rxconfig.py"}  # fmt: skip
ROOT_FOLDERS = {*ROOMS, *BESIDE, ".ci", "assets", "deploy", "docs", "reflex.lock", "requirements"}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "misc", "common"}
# Written with gaps, so that this file does not hold what it forbids.
FORBIDDEN_TEXT = {
    "a package registry's host": r"regis" r"try\.npmjs|pypi\.o" r"rg|python" r"hosted",
    "a path of one machine": r"(?<![\w.])/(?:wo" r"rk|ho" r"me|Us" r"ers)/\w",
    "the number of an issue": r"(?i)\b(?:iss" r"ues?|pull request|bug|fixes|closes|resolves) #?\d+\b|\(#\d+\)",
}
TEXT_SUFFIXES = {".py", ".md", ".toml", ".txt", ".in", ".ini", ".sh", ".yml", ".yaml", ".json", ".lock", ".example", ""}


@cache
def tracked_files() -> tuple[Path, ...]:
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True).stdout
    return tuple(path for name in listed.split("\0") if name and (path := Path(name)).is_file())


def python_files() -> list[Path]:
    return [path for path in tracked_files() if path.suffix == ".py"]


@cache
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text()) for path in python_files()}


def modules_with_tests() -> list[tuple[Path, ast.Module]]:
    return [
        (path, tree) for path, tree in trees().items() if path.parts[0] == "tests" and path.name.startswith("test_")
    ]


def test_keep_root_small():
    files = {path.name for path in tracked_files() if len(path.parts) == 1}
    folders = {path.parts[0] for path in tracked_files() if len(path.parts) > 1}
    assert files - ROOT_FILES == set()
    assert folders - ROOT_FOLDERS == set()


def test_keep_root_no_package():
    assert not Path("__init__.py").exists(), "Reflex refuses a root that is a package"


@pytest.mark.parametrize("room", [name for name in ROOMS if Path(name).is_dir()])
def test_say_what_a_room_is_for(room):
    docstring = ast.get_docstring(ast.parse((Path(room) / "__init__.py").read_text()))
    assert docstring
    assert "\n" not in docstring.strip()


def test_start_every_module_with_its_purpose():
    silent = [str(path) for path, tree in trees().items() if not ast.get_docstring(tree)]
    assert silent == []


def test_name_files_after_nouns():
    vague = [str(path) for path in tracked_files() if FORBIDDEN_NAMES & {path.stem, *path.parent.parts}]
    assert vague == []


def test_leave_no_file_empty():
    assert [str(path) for path, tree in trees().items() if not tree.body] == []


@pytest.mark.parametrize("what", FORBIDDEN_TEXT)
def test_speak_of_the_product_alone(what):
    pattern = re.compile(FORBIDDEN_TEXT[what])
    found = [
        f"{path}:{number}"
        for path in tracked_files()
        if path.suffix in TEXT_SUFFIXES
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_keep_tests_beside_their_rooms():
    covered = {path.parts[1] for path in tracked_files() if path.parts[0] == "tests" and path.name.startswith("test_")}
    assert {room for room in ROOMS if Path(room).is_dir()} - covered == set()


def test_name_tests_by_their_verbs():
    loose = [
        f"{path}:{node.lineno}"
        for path, tree in modules_with_tests()
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test")
    ]
    assert loose == [], "tests are functions: test_<verb>_<case>"


def test_assert_in_every_test():
    """A test that asserts nothing passes for ever; raising blocks and helper checks count as assertions."""
    idle = [
        f"{path}:{node.lineno}"
        for path, tree in modules_with_tests()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
        if not any(_asserts(inner) for inner in ast.walk(node))
    ]
    assert idle == []


def _asserts(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return True
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in {"raises", "warns", "fail"} or name.startswith(("assert_", "check_", "expect_"))
