"""What a lint is: where it looks, what it finds, and why that is refused."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True)
class Source:
    """One parsed file; `path` is relative to the root of the tree."""

    path: PurePosixPath
    tree: ast.Module

    @property
    def room(self) -> str:
        """The top-level folder."""
        return self.path.parts[0]


@dataclass(frozen=True)
class Finding:
    """A refused line."""

    path: PurePosixPath
    line: int
    lint: str
    why: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.lint}: {self.why}"


@dataclass(frozen=True)
class Lint:
    """A named rule: which files it reads, and a function that yields the refused nodes."""

    name: str
    why: str
    reads: Callable[[PurePosixPath], bool]
    refused: Callable[[Source], Iterator[ast.expr | ast.stmt | ast.excepthandler]]

    def findings(self, source: Source) -> list[Finding]:
        """Return what this rule refuses in a file, top to bottom."""
        if not self.reads(source.path):
            return []
        lines = sorted({node.lineno for node in self.refused(source)})
        return [Finding(source.path, line, self.name, self.why) for line in lines]
