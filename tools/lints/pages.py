"""Refuse two things on pages that look right and are not: fields that eat what is typed, and links left to chance."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.lints.finding import Lint, Source

_LINKS = frozenset({"pages/ui/link.py", "pages/ui/file_link.py"})


def _reads_pages(path: PurePosixPath) -> bool:
    return path.parts[0] == "pages"


def _reads_all_but_links(path: PurePosixPath) -> bool:
    return _reads_pages(path) and str(path) not in _LINKS


def _eating(source: Source) -> Iterator[ast.expr]:
    """Yield fields whose value the state holds while it hears of each change only after a pause."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            given = {one.arg: one.value for one in node.keywords}
            if "value" in given and "on_change" in given and _is_put_off(given["on_change"]):
                yield node


def _is_put_off(handler: ast.expr) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr == "debounce" for node in ast.walk(handler))


def _anchors(source: Source) -> Iterator[ast.expr]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"rx.el.a", "rx.link"}:
            yield node


TYPED = Lint(
    name="typed-away",
    why="each key puts the state's old value back, so only the last letter stays; give default_value, or take "
    "rx.debounce_input",
    reads=_reads_pages,
    refused=_eating,
)
ANCHORS = Lint(
    name="bare-anchor",
    why="the framework looks for a page at every address; take pages.ui.link for pages, pages.ui.file_link for files",
    reads=_reads_all_but_links,
    refused=_anchors,
)
