"""Read the product's files, print every refused line with its reason, and exit with 1 when there is one."""

import ast
import sys
from pathlib import Path, PurePosixPath

from tools.lints.broad import BROAD
from tools.lints.finding import Finding, Source
from tools.lints.floats import FLOATS
from tools.lints.pages import ANCHORS, TYPED
from tools.lints.products import PRODUCTS
from tools.lints.rooms import product_files
from tools.lints.statuses import STATUSES

LINTS = (STATUSES, PRODUCTS, FLOATS, BROAD, TYPED, ANCHORS)


def findings(paths: list[Path], root: Path) -> list[Finding]:
    """Return what the lints refuse, file by file."""
    return [finding for path in paths for finding in _in_file(path, root)]


def _in_file(path: Path, root: Path) -> list[Finding]:
    relative = PurePosixPath(path.resolve().relative_to(root))
    try:
        source = Source(relative, ast.parse(path.read_text(), filename=str(path)))
    except SyntaxError as broken:
        return [Finding(relative, broken.lineno or 1, "syntax", f"this Python cannot read it: {broken.msg}")]
    return [finding for lint in LINTS for finding in lint.findings(source)]


def main(names: list[str]) -> int:
    """Lint the named files, by default the whole product; return 1 when a line is refused."""
    root = Path.cwd()
    refused = findings([Path(name) for name in names] or product_files(root), root)
    for finding in refused:
        print(finding)
    return 1 if refused else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
