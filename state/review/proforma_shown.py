"""What a proforma's page shows of what was read; made in a thread, because hundreds of lines take their time."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.enums import ProformaStatus
from services.review.proforma_lines import LineRow
from services.review.proformas import ProformaDetail
from state.history import EventView, event_view
from state.review.line_rows import FindingView, LineView, finding_view, is_changed, is_flagged, line_view
from state.review.proforma_head import HeadView, VerbView, head_view, verb_views
from state.review.step_rows import StepView, step_view
from state.words import counted


@dataclass(frozen=True)
class LinesShown:
    """The lines of one view, how many each view has, and how many more there are."""

    show: str
    lines: list[LineView]
    all_count: str
    flagged_count: str
    changed_count: str
    more_lines: str


@dataclass(frozen=True)
class ProformaShown:
    """Everything that follows from the proforma alone, as text."""

    head: HeadView
    verbs: list[VerbView]
    events: list[EventView]
    steps: list[StepView]
    bill_findings: list[FindingView]


def proforma_shown(detail: ProformaDetail) -> ProformaShown:
    """Return the page around the lines."""
    return ProformaShown(
        head=head_view(detail),
        verbs=verb_views(detail),
        events=[event_view(event) for event in detail.history],
        steps=[step_view(step) for step in detail.steps],
        bill_findings=[finding_view(found, None, {}) for found in detail.findings],
    )


def lines_shown(detail: ProformaDetail, show: str, most: int) -> LinesShown:
    """Return at most so many lines of a view: 'all', 'flagged' or 'changed'; '' chooses the one to begin with."""
    flagged = [line for line in detail.lines if is_flagged(line)]
    changed = [line for line in detail.lines if is_changed(line)]
    chosen = show or _first_view(detail, flagged)
    wanted = {"flagged": flagged, "changed": changed}.get(chosen, list(detail.lines))
    hidden, ids = len(wanted) - most, ids_of(detail)
    return LinesShown(
        show=chosen,
        lines=[line_view(line, ids) for line in wanted[:most]],
        all_count=str(len(detail.lines)),
        flagged_count=str(len(flagged)),
        changed_count=str(len(changed)),
        more_lines=f"Show {counted(hidden, 'more line')}" if hidden > 0 else "",
    )


def ids_of(detail: ProformaDetail) -> dict[int, int]:
    """Return the ids of the lines by their numbers."""
    return {line.line_number: line.id for line in detail.lines}


def _first_view(detail: ProformaDetail, flagged: Sequence[LineRow]) -> str:
    return "flagged" if flagged and detail.row.status is ProformaStatus.IN_REVIEW else "all"
