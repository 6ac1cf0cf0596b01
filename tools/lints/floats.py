"""Refuse binary fractions where money is computed or kept."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.lints.finding import Lint, Source

_MONEY_ROOMS = {"ledes", "services", "models", "guidelines"}
_MONEY_FILES = {"core/money.py", "core/scaled.py"}
# A name that says it measures time, or a share of work done, measures no money.
_NOT_MONEY = re.compile(
    r"(^|_)(seconds|ms|minutes|start|since|at|clock|sleep|deadline|timeout|delay|progress|ratio)(_|$)"
)


def reads(path: PurePosixPath) -> bool:
    """The rooms that money passes through."""
    return path.parts[0] in _MONEY_ROOMS or str(path) in _MONEY_FILES


def refused(source: Source) -> Iterator[ast.expr | ast.stmt | ast.excepthandler]:
    """Yield calls of float() and names annotated as float, unless the name says that it is a time."""
    excused = _arguments_of_times(source.tree)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float":
            yield node
        named = _annotated(node)
        if named is not None and _says_float(named[1]) and not _NOT_MONEY.search(named[0]) and node not in excused:
            yield named[1]


def _annotated(node: ast.AST) -> tuple[str, ast.expr] | None:
    """Return a name and its annotation: of an argument, a variable or field, or what a function returns."""
    if isinstance(node, ast.arg) and node.annotation is not None:
        return node.arg, node.annotation
    if isinstance(node, ast.AnnAssign):
        return ast.unparse(node.target), node.annotation
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
        return node.name, node.returns
    return None


def _arguments_of_times(tree: ast.Module) -> set[ast.AST]:
    """Return the arguments of functions that compute a time by their name; they measure no money either."""
    return {
        argument
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _NOT_MONEY.search(node.name)
        for argument in ast.walk(node.args)
    }


def _says_float(annotation: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "float" for node in ast.walk(annotation))


FLOATS = Lint(
    name="float-money",
    why="binary fractions lose cents (0.1 + 0.2); use Decimal through core.money, and name times in _seconds",
    reads=reads,
    refused=refused,
)
