"""The audit trail: who changed what, when, on whose behalf."""

from typing import Any

import reflex as rx

from models.enums import Role
from pages.ui.data_table import Column, data_table
from pages.ui.empty_state import empty_state
from pages.ui.filters import Filter, filters
from pages.ui.page_header import page_header
from pages.ui.shell import shell
from state.audit import AuditTrail

_SUBJECTS = ("proforma", "invoice", "submission", "user")


def audit() -> rx.Component:
    """Return the page."""
    return shell(
        page_header("Audit trail", "Every change, with who made it and when. Nothing here can be edited or deleted."),
        filters("Kind of record", AuditTrail.subject, *_choices()),
        data_table(
            AuditTrail,
            caption="Audit events",
            columns=_COLUMNS,
            card=_card,
            empty=empty_state("Nothing found", "No event matches. Clear the search or choose another kind of record."),
            export="audit",
            search_label="Search event, person, note or record number",
        ),
        current="/audit",
        roles=(Role.ADMIN,),
    )


def _choices() -> list[Filter]:
    kinds = [Filter(f"{kind.capitalize()}s", f"/audit?subject={kind}", kind) for kind in _SUBJECTS]
    return [Filter("All", "/audit", ""), *kinds]


def _when(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    return rx.el.time(row.at, date_time=row.at_iso, class_name="tabular-nums nowrap")


def _who(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.span(row.actor, rx.el.span(row.role, class_name="muted ml-2"), class_name="nowrap")


def _what(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.code(row.tag, class_name="tag")


def _details(row: Any) -> rx.Component:  # noqa: ANN401
    data = rx.cond(row.note != "", f" · {row.data}", row.data)
    return rx.el.span(row.note, rx.el.span(data, class_name="muted"), class_name="clip", title=row.data)


def _card(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.fragment(
        rx.el.div(_what(row), _when(row), class_name="card-head"),
        rx.el.p(row.subject, class_name="card-title"),
        rx.el.p(_who(row)),
        rx.cond(row.note != "", rx.el.p(row.note, class_name="muted")),
    )


_COLUMNS = (
    Column("When (UTC)", _when, sort="at", width="170px"),
    Column("Event", _what, sort="tag", width="220px"),
    Column("Record", lambda row: row.subject, sort="subject", width="150px"),
    Column("Who", _who, sort="actor", width="220px"),
    Column("Details", _details),
)
