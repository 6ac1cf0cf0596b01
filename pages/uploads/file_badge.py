"""Where a file is, as a badge: its state, or that it is only looked for."""

from typing import Any

import reflex as rx

from models.enums import SubmissionStatus
from pages.ui.status_badge import Look, badge, status_badge

_LOOKED_FOR = Look("blue", "eye", "Looked for")


def file_badge(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    """Return the badge of a `state.submissions.SubmissionItem`."""
    return rx.cond(row.is_looked_for, badge(_LOOKED_FOR), status_badge(SubmissionStatus, row.status))
