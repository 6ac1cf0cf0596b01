"""A result report: drop it, see what it would do, record it."""

from typing import Any

import reflex as rx

from models.enums import Role
from pages.responses.result_mail import outcome_field, told_list
from pages.ui.callout import error_callout, notice
from pages.ui.may import may
from state.responses.result_report import LARGEST, UPLOAD, ResultReportPage


def report_part() -> rx.Component:
    """Return the part of the page for reports, folded while none is in hand."""
    page = ResultReportPage
    return rx.el.details(
        rx.el.summary("Upload a result report", class_name="fold"),
        error_callout(page.problem),
        rx.cond(page.done != "", notice(page.done, tone="green", icon="check")),
        rx.el.div(_carrier(), class_name="toolbar"),
        rx.cond(page.carrier_id != "", rx.cond(page.file_name == "", _drop_zone(), _in_hand())),
        class_name="decision report",
    )


def _carrier() -> rx.Component:
    page = ResultReportPage
    return rx.el.label(
        rx.el.span("Exported from the site of", class_name="field-label"),
        rx.el.select(
            rx.el.option("Choose a carrier", value=""),
            rx.foreach(page.carriers, lambda carrier: rx.el.option(carrier.label, value=carrier.value)),
            value=page.carrier_id,
            on_change=page.choose_carrier,
            class_name="choice",
        ),
        class_name="bench-carrier",
    )


def _drop_zone() -> rx.Component:
    return rx.upload(
        rx.icon("file-spreadsheet", size=26, aria_hidden="true"),
        rx.el.p("Drop the report here", class_name="drop-title"),
        rx.el.p("CSV or XLSX, up to 5 MB. You see what it would do before anything is recorded.", class_name="muted"),
        rx.el.span("Choose a file", class_name="plain-button"),
        id=UPLOAD,
        multiple=False,
        max_size=LARGEST,
        on_drop=[ResultReportPage.take(rx.upload_files(upload_id=UPLOAD))],
        on_drop_rejected=lambda _files: ResultReportPage.refuse(),
        custom_attrs={"role": "button"},
        border="1.5px dashed var(--gray-8)",
        padding="28px 20px",
        class_name="drop-zone",
    )


def _in_hand() -> rx.Component:
    page = ResultReportPage
    return rx.fragment(
        rx.el.p(rx.el.strong(page.file_name)),
        rx.cond(page.is_mapped, _preview(), _mapping()),
    )


def _preview() -> rx.Component:
    page = ResultReportPage
    record = rx.button("Record it", on_click=page.record)
    return rx.fragment(
        rx.el.p(page.summary, role="status", class_name="report-summary"),
        rx.cond(page.unclear != "", notice(page.unclear)),
        rx.cond(page.was_applied != "", notice(page.was_applied)),
        told_list(page.told),
        rx.el.div(
            rx.cond(page.was_applied == "", record),
            rx.button("Put it away", on_click=page.drop, variant="soft", color_scheme="gray"),
            class_name="dialog-buttons",
        ),
    )


def _mapping() -> rx.Component:
    page = ResultReportPage
    form = rx.el.form(
        rx.el.p("Say once where everything stands; the carrier's profile remembers it.", class_name="muted"),
        rx.el.div(rx.foreach(page.picks, _pick), class_name="two-choices"),
        rx.cond(page.words.length() > 0, rx.el.p("What the carrier's words mean:", class_name="muted")),
        rx.el.div(
            rx.foreach(page.words, lambda word: outcome_field(word.name, word.label, word.value)),
            class_name="two-choices",
        ),
        rx.button("Remember and try it", type="submit"),
        on_submit=page.remember,
        class_name="line-form",
    )
    ask = notice("Nobody has said yet how this carrier's reports look. Ask an administrator to drop one here first.")
    return rx.cond(may(Role.ADMIN), form, ask)


def _pick(pick: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    return rx.el.label(
        rx.el.span(pick.label, class_name="field-label"),
        rx.el.select(
            rx.el.option("Not in it", value=""),
            rx.foreach(ResultReportPage.headings, lambda heading: rx.el.option(heading, value=heading)),
            name=pick.name,
            default_value=pick.value,
            class_name="field",
        ),
        class_name="field-block",
    )
