"""The practice carriers share no code with the product, so that a bug of the product cannot hide in them."""

import ast
import sys
from pathlib import Path

import sandbox.portals

OUTSIDE = {"sandbox.portals", "starlette", "uvicorn", "pyotp", "httpx"}


def imported_by(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {name for name in names if name.split(".")[0] not in sys.stdlib_module_names}


def test_import_nothing_of_the_product():
    files = list(Path(sandbox.portals.__file__).parent.rglob("*.py"))
    assert len(files) > 20
    foreign = {
        (path.name, name)
        for path in files
        for name in imported_by(path)
        if not any(name == known or name.startswith(f"{known}.") for known in OUTSIDE)
    }
    assert foreign == set()
