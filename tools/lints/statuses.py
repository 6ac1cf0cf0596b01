"""Refuse status changes outside the lifecycle: attribute writes, updates by expression, and updates as text."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.lints.finding import Lint, Source
from tools.lints.rooms import is_room_file

_DOORS = ("services/lifecycle.py", "services/lifecycle/")
_UPDATE_TEXT = re.compile(r"\bupdate\b.+\bset\b.*?\b(?:\w+_)?status\s*=", re.IGNORECASE | re.DOTALL)
_UPSERTS = {"on_conflict_do_update", "on_duplicate_key_update"}


def reads(path: PurePosixPath) -> bool:
    """Every room, but for the lifecycle itself."""
    return is_room_file(path) and not str(path).startswith(_DOORS)


def refused(source: Source) -> Iterator[ast.expr | ast.stmt | ast.excepthandler]:
    """Yield what changes a status of a row that exists; giving one to a new row is fine."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.expr) and (_writes_attribute(node, source) or _updates(node) or _is_update_text(node)):
            yield node


def _writes_attribute(node: ast.AST, source: Source) -> bool:
    if isinstance(node, ast.Call):
        return _sets_attribute(node)
    if not isinstance(node, ast.Attribute) or isinstance(node.ctx, ast.Load):
        return False
    return _is_status(node.attr) and not _is_own(node, source)


def _is_update_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_UPDATE_TEXT.search(node.value))


def _is_status(name: str) -> bool:
    return name == "status" or name.endswith("_status")


def _is_own(node: ast.Attribute, source: Source) -> bool:
    """A page's state may show a status of its own; a table may not change itself."""
    return isinstance(node.value, ast.Name) and node.value.id == "self" and source.room != "models"


def _sets_attribute(call: ast.Call) -> bool:
    if not (isinstance(call.func, ast.Name) and call.func.id == "setattr" and len(call.args) > 1):
        return False
    name = call.args[1]
    return isinstance(name, ast.Constant) and isinstance(name.value, str) and _is_status(name.value)


def _updates(call: ast.AST) -> bool:
    if not isinstance(call, ast.Call):
        return False
    if isinstance(call.func, ast.Attribute):
        if call.func.attr == "values":
            return not _starts_with_insert(call.func.value) and _names_a_status(call)
        if call.func.attr in _UPSERTS | {"update"}:
            return _names_a_status(call)
    return _is_bulk_update(call)


def _starts_with_insert(chain: ast.expr) -> bool:
    while isinstance(chain, ast.Call | ast.Attribute):
        if isinstance(chain, ast.Call) and _name_of(chain.func) == "insert":
            return True
        chain = chain.func if isinstance(chain, ast.Call) else chain.value
    return False


def _is_bulk_update(call: ast.Call) -> bool:
    """`execute(update(X), [{"status": ...}])`."""
    if not call.args or not isinstance(call.args[0], ast.Call) or _name_of(call.args[0].func) != "update":
        return False
    return any(_keys_a_status(inner) for argument in call.args[1:] for inner in ast.walk(argument))


def _names_a_status(call: ast.Call) -> bool:
    """Whether a call's keywords or literal dictionaries name a status column."""
    keywords = any(word.arg is not None and _is_status(word.arg) for word in call.keywords)
    parts = (*call.args, *(word.value for word in call.keywords if word.arg in {None, "set_", "values"}))
    return keywords or any(_keys_a_status(part) for part in parts)


def _keys_a_status(node: ast.AST) -> bool:
    return isinstance(node, ast.Dict) and any(
        (isinstance(key, ast.Constant) and isinstance(key.value, str) and _is_status(key.value))
        or (isinstance(key, ast.Attribute) and _is_status(key.attr))
        for key in node.keys
    )


def _name_of(function: ast.expr) -> str:
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


STATUSES = Lint(
    name="status-write",
    why="a status changes only through services/lifecycle.py, which checks role and guard and writes the audit row; "
    "call apply, apply_many or apply_fenced",
    reads=reads,
    refused=refused,
)
