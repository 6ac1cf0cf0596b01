"""A way to lint a few lines as if they stood in a file of the product."""

import ast
from collections.abc import Callable
from pathlib import PurePosixPath

import pytest

from tools.lints.__main__ import LINTS
from tools.lints.finding import Source

Lines = Callable[[str, str], list[tuple[str, int]]]


@pytest.fixture
def lint() -> Lines:
    """Return a function (code, path) -> [(lint, line)]."""

    def lines(code: str, path: str) -> list[tuple[str, int]]:
        source = Source(PurePosixPath(path), ast.parse(code))
        return [(finding.lint, finding.line) for rule in LINTS for finding in rule.findings(source)]

    return lines
