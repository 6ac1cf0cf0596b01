"""Refuse handlers that swallow every error, outside the edges where the last words are spoken or handed on."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.lints.finding import Lint, Source

# The edges: what the app does with an error nobody expected, what a job does with one, and the thread that hands each
# error to whoever asked.
EDGES = frozenset({"billing_app/failures.py", "jobs/worker.py", "state/reading.py"})
_BROAD = {"Exception", "BaseException"}


def reads(path: PurePosixPath) -> bool:
    """Everywhere but at the edges."""
    return str(path) not in EDGES


def refused(source: Source) -> Iterator[ast.expr | ast.stmt | ast.excepthandler]:
    """Yield broad handlers that do not raise again, and suppress(Exception)."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type) and not _raises_again(node):
            yield node
        if isinstance(node, ast.Call) and _is_suppress(node.func) and any(_is_broad(each) for each in node.args):
            yield node


def _is_broad(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(_is_broad(each) for each in caught.elts)
    return caught is None or (isinstance(caught, ast.Name) and caught.id in _BROAD)


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _is_suppress(function: ast.expr) -> bool:
    return (isinstance(function, ast.Name) and function.id == "suppress") or (
        isinstance(function, ast.Attribute) and function.attr == "suppress"
    )


BROAD = Lint(
    name="broad-except",
    why="a queue's time-out and a fence are exceptions too, and a broad handler swallows them; catch the leaf you can "
    f"answer (edges: {', '.join(sorted(EDGES))})",
    reads=reads,
    refused=refused,
)
