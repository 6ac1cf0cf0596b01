"""Reports: what the cycle, the money and the carriers look like; one report at a time, on the screen and on paper."""

from typing import Any

import reflex as rx

from models.enums import Role
from pages.reporting.charts import report_chart
from pages.reporting.report_table import report_tables
from pages.reporting.saved import name_dialog, open_bar, saved_panel, schedules_panel
from pages.ui.callout import error_callout
from pages.ui.file_link import file_link
from pages.ui.link import link
from pages.ui.page_header import page_header
from pages.ui.result import result_bar
from pages.ui.shell import shell
from state.reporting.reports import Reports
from state.reporting.saved import SavedReports
from state.viewer import Viewer

_ROLES = (Role.BILLER, Role.ATTORNEY, Role.ADMIN)


def reports() -> rx.Component:
    """Return the page, for a report of the list and for a saved one."""
    return shell(
        rx.el.div(
            page_header("Reports", Reports.hint, _save(), _export(), _print()),
            _tabs(),
            result_bar(SavedReports.done, on_dismiss=SavedReports.dismiss),
            open_bar(),
            class_name="no-print",
        ),
        error_callout(Reports.failure),
        rx.el.div(
            rx.el.div(rx.cond(Reports.is_loading, _skeleton(), _report()), class_name="report-main"),
            rx.el.div(saved_panel(), schedules_panel(), class_name="report-side no-print"),
            class_name="reports",
        ),
        name_dialog(),
        current="/reports",
        roles=_ROLES,
    )


def _tabs() -> rx.Component:
    def tab(one: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
        current = rx.cond(Reports.report == one.value, "true", "false")
        return link(one.label, href=one.href, class_name="filter", custom_attrs={"aria-current": current})

    return rx.el.nav(rx.foreach(Reports.tabs, tab), aria_label="Which report", class_name="filters")


def _report() -> rx.Component:
    whole = rx.fragment(
        _filters(),
        rx.el.div(
            rx.el.p(Viewer.firm, class_name="only-print"),
            rx.el.h1(Reports.title, class_name="only-print page-title"),
            rx.el.p(Reports.words, rx.el.span(f" · as of {Reports.as_of}", class_name="muted"), class_name="words"),
            class_name="report-words",
        ),
        report_chart(),
        report_tables(),
    )
    return rx.cond(Reports.title != "", whole)


def _filters() -> rx.Component:
    several = rx.fragment(
        _choice("Months", Reports.spans, Reports.chosen_span, Reports.choose_span),
        rx.cond(
            Reports.chosen_span == "chosen",
            rx.fragment(
                _choice("From", Reports.months, Reports.first_month, lambda month: Reports.choose("from", month)),
                _choice("To", Reports.months, Reports.last_month, lambda month: Reports.choose("to", month)),
            ),
        ),
    )
    one = _choice("Month", Reports.months, Reports.last_month, lambda month: Reports.choose("to", month))
    return rx.el.div(
        rx.match(Reports.span, ("months", several), ("month", one), rx.fragment()),
        _choice(
            "Carrier", Reports.carriers, Reports.carrier, lambda one: Reports.choose("carrier", one), "All carriers"
        ),
        rx.cond(
            Reports.attorneys.length() > 0,
            _choice(
                "Attorney",
                Reports.attorneys,
                Reports.attorney,
                lambda one: Reports.choose("attorney", one),
                "All attorneys",
            ),
        ),
        rx.el.button(
            rx.icon("refresh-cw", size=15, aria_hidden="true"),
            "Refresh",
            type="button",
            on_click=Reports.load,
            class_name="plain-button",
        ),
        role="group",
        aria_label="Filters",
        class_name="report-filters no-print",
    )


def _choice(
    label: str,
    choices: Any,  # noqa: ANN401 -- the Var of a list of choices
    value: rx.Var[str],
    on_change: Any,  # noqa: ANN401 -- an event handler
    everything: str = "",
) -> rx.Component:
    first = (rx.el.option(everything, value=""),) if everything else ()
    return rx.el.select(
        *first,
        rx.foreach(choices, lambda one: rx.el.option(one.name, value=one.value)),
        value=value,
        on_change=on_change,
        aria_label=label,
        class_name="choice",
    )


def _save() -> rx.Component:
    return rx.el.button(
        rx.icon("bookmark-plus", size=15, aria_hidden="true"),
        "Save…",
        type="button",
        on_click=SavedReports.ask_save,
        class_name="export-button",
    )


def _export() -> rx.Component:
    summary = rx.el.summary(rx.icon("download", size=15, aria_hidden="true"), "Export", class_name="export-button")
    links = rx.foreach(
        Reports.files, lambda one: file_link(one.label, href=one.href, download=True, class_name="menu-item")
    )
    return rx.el.details(
        summary, rx.el.div(links, class_name="menu export-forms report-forms"), class_name="person-menu export-menu"
    )


def _print() -> rx.Component:
    return rx.el.button(
        rx.icon("printer", size=15, aria_hidden="true"),
        "Print",
        type="button",
        custom_attrs={"data-prints": ""},
        class_name="export-button",
    )


def _skeleton() -> rx.Component:
    bar = rx.el.div(class_name="skeleton")
    return rx.el.div(
        *(rx.el.div(bar, bar, bar, class_name="skeleton-row") for _ in range(9)),
        rx.el.span("Loading", role="status", class_name="sr-only"),
        class_name="skeleton-frame",
    )
