"""Refuse products of scaled columns: in SQL they are wrong on SQLite, in Python they belong to core.money."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath

from tools.lints.finding import Lint, Source
from tools.lints.rooms import is_room_file

_MAKERS = {"Scaled", "money_type", "unit_cost_type", "units_type"}
_SCALING = (ast.Mult, ast.Div, ast.FloorDiv, ast.Mod)
_COLUMN_SETS = {"c", "columns"}


def reads(path: PurePosixPath) -> bool:
    """Everywhere but in the two files that own the arithmetic and the storage."""
    return str(path) not in {"core/money.py", "core/scaled.py"}


def refused(source: Source) -> Iterator[ast.expr | ast.stmt | ast.excepthandler]:
    """Yield multiplications and divisions that a scaled column takes part in."""
    columns = scaled_columns(Path.cwd())
    tables = {table for table, _ in columns} | _aliases(source.tree)
    names = {name for _, name in columns}
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, _SCALING):
            continue
        sides = (node.left, node.right)
        in_sql = any(_has_column(side, tables, names) for side in sides)
        if in_sql or (is_room_file(source.path) and _is_line_product(node, names)):
            yield node


@lru_cache(maxsize=1)
def scaled_columns(root: Path) -> frozenset[tuple[str, str]]:
    """Return (table class, column) of every scaled column that the models declare."""
    found: set[tuple[str, str]] = set()
    for path in (root / "models").glob("*.py"):
        tree = ast.parse(path.read_text())
        for table in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
            found.update((table.name, name) for name in _scaled_fields(table))
    return frozenset(found)


def _scaled_fields(table: ast.ClassDef) -> Iterator[str]:
    for field in table.body:
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and field.value is not None:
            calls = (node.func for node in ast.walk(field.value) if isinstance(node, ast.Call))
            if any(isinstance(function, ast.Name) and function.id in _MAKERS for function in calls):
                yield field.target.id


def _aliases(tree: ast.Module) -> set[str]:
    """Return names bound to `aliased(...)`: they stand for a table, not for a row."""
    return {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        if isinstance(node.value.func, ast.Name) and node.value.func.id == "aliased"
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _has_column(side: ast.expr, tables: set[str], names: set[str]) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr in names and _is_table(node.value, tables)
        for node in ast.walk(side)
    )


def _is_table(owner: ast.expr, tables: set[str]) -> bool:
    if isinstance(owner, ast.Attribute):
        return owner.attr in _COLUMN_SETS
    return isinstance(owner, ast.Name) and owner.id in tables


def _is_line_product(node: ast.BinOp, names: set[str]) -> bool:
    """`line.units * line.unit_cost`: exact, but rounded by nobody."""
    return isinstance(node.op, ast.Mult) and all(
        isinstance(side, ast.Attribute) and side.attr in names for side in (node.left, node.right)
    )


PRODUCTS = Lint(
    name="scaled-product",
    why="SQLite stores scaled integers, so a product in SQL is off by powers of ten, and only core.money rounds a "
    "line; load the rows and call core.money.line_amount",
    reads=reads,
    refused=refused,
)
