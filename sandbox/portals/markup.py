"""HTML from template files: everything that is filled in is escaped unless it is already Html."""

import re
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from sandbox.portals.bill import Finding, dollars
from sandbox.portals.review import ReviewedLine
from sandbox.portals.store import Post

_FOLDER = Path(__file__).parent / "templates"
_BRANDS = {
    "harbor": "#0b3d62",
    "keystone": "#7a2e1d",
    "clearpath": "#00695c",
    "northfork": "#283593",
    "lakeshore": "#1565c0",
    "atlas": "#5b2a86",
    "granite": "#37474f",
    "laurentian": "#1b3f73",
    "redwood": "#6b2d1f",
    "blueridge": "#2f5d50",
    "ironbridge": "#3b3f58",
    "palmetto": "#0f6b63",
    "tidewater": "#14506b",
    "cascadia": "#7a4b12",
    "sequoia": "#8c2f1b",
    "beacon": "#00796b",
    "meridian": "#3b5b3a",
    "stonegate": "#5c3d2e",
    "unison": "#2f3e55",
    "frontier": "#b8541f",
    "palisade": "#6a1b4d",
    "juniper": "#2e6b4a",
}
_RENAMED = re.compile(r'\b(id|class|name|for)="([^"]+)"')
_UPLOAD_PART = re.compile(r"(?<=<!-- upload -->).*(?=<!-- /upload -->)", re.DOTALL)


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def fill(template: str, /, **values: object) -> Html:
    """Fill a template file such as `classic/login.html`."""
    return Html(_template(template).substitute({key: _safe(value) for key, value in values.items()}))


def rows(table: list[list[tuple[str, object]]], row_class: str = "line") -> Html:
    """Write table rows; a cell is its class and its content."""
    return Html("\n".join(_row(cells, row_class) for cells in table))


def problem_rows(post: Post) -> Html:
    """Write why a file was refused: line or "-", field, text."""
    return Html("".join(_row(_problem(one), "error-row") for one in post.problems))


def link(href: str, text: str) -> Html:
    """Write an anchor."""
    return Html(f'<a href="{escape(href)}">{escape(text)}</a>')


def brand(slug: str) -> str:
    """Return a site's colour."""
    return _BRANDS.get(slug, "#444444")


def review_rows(post: Post, *, is_published: bool) -> Html:
    """Write an invoice's lines: number, date, description, billed, reduction, approved, reason."""
    return rows([_review_cells(line, is_published=is_published) for line in post.lines])


def approved_amount(post: Post, *, is_published: bool) -> str:
    """Return what the carrier will pay, or a dash before it decided."""
    if not is_published:
        return "-"
    return dollars(0 if post.decision == "rejected" else post.total_cents - post.reduction_cents)


def with_changed_layout(page: str, labels: dict[str, str]) -> str:
    """Rename the ids, classes, names and labels of the upload part of a page, as a redesign does."""
    part = _UPLOAD_PART.search(page)
    if part is None:
        return page
    changed = _RENAMED.sub(lambda found: f'{found[1]}="nx-{"-".join(found[2].lower().split())}-2"', part[0])
    for old, new in labels.items():
        changed = changed.replace(old, new)
    return page[: part.start()] + changed + page[part.end() :]


@cache
def _template(name: str) -> Template:
    return Template((_FOLDER / name).read_text(encoding="utf-8"))


def _safe(value: object) -> str:
    return value if isinstance(value, Html) else escape(str(value))


def _row(cells: list[tuple[str, object]], row_class: str) -> str:
    inside = "".join(f'<td class="{name}">{_safe(content)}</td>' for name, content in cells)
    return f'<tr class="{row_class}">{inside}</tr>'


def _problem(one: Finding) -> list[tuple[str, object]]:
    return [("e-line", one.line or "-"), ("e-field", one.field), ("e-text", one.text)]


def _review_cells(line: ReviewedLine, *, is_published: bool) -> list[tuple[str, object]]:
    reduction = line.reduction_cents if is_published else 0
    return [
        ("l-number", line.line_number),
        ("l-date", line.worked_on),
        ("l-description", line.narrative),
        ("l-billed", dollars(line.billed_cents)),
        ("l-reduction", dollars(reduction)),
        ("l-approved", dollars(line.billed_cents - reduction)),
        ("l-reason", line.reasons if is_published else ""),
    ]
