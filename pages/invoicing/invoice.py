"""One invoice, open beside the list: next step, lines, what the site said, revisions, the file, history."""

from typing import Any

import reflex as rx

from models.enums import CashStatus, DecisionStatus, DocumentStatus, MailingStatus, SubmissionStatus
from pages.invoicing.answer import answer_dialog
from pages.invoicing.comparison import comparison
from pages.invoicing.correction import correction
from pages.review.comments import comments
from pages.ui.detail_pane import detail_pane, fact, facts, part
from pages.ui.file_link import file_link
from pages.ui.link import link
from pages.ui.money import money
from pages.ui.next_step import next_box
from pages.ui.note_dialog import note_dialog, note_field
from pages.ui.refusal import refusal
from pages.ui.status_badge import status_badge
from pages.ui.timeline import timeline
from state.invoicing.answer import PayorAnswerForm
from state.invoicing.correction import Correction
from state.invoicing.invoice import InvoicePage


def invoice_pane() -> rx.Component:
    """Return the pane."""
    item = InvoicePage.item
    return detail_pane(
        f"Invoice {item.number}",
        f"{item.matter_number} {item.matter_name}",
        refusal(InvoicePage),
        next_box(item.next_step, item.next_who, *_actions()),
        rx.cond(Correction.is_open, correction()),
        _standing(),
        rx.cond(InvoicePage.said.length() > 0, part("What the site said", _findings())),
        part("Lines", _lines()),
        part("From the proforma to the invoice", comparison()),
        part("Revisions", _revisions()),
        part("LEDES file", _preview()),
        comments(),
        part("History", timeline(InvoicePage.history)),
        answer_dialog(),
        close_href="/invoices",
        label="Invoice",
        is_loading=InvoicePage.is_loading,
    )


def _actions() -> tuple[rx.Component, ...]:
    queue = rx.button("Queue for sending", on_click=InvoicePage.queue)
    correct = rx.button("Correct", variant="surface", color_scheme="gray", on_click=Correction.start)
    follow = link("Follow the file", href=InvoicePage.item.submission_href, class_name="text-link")
    mail = link("Follow it", href=InvoicePage.item.mail_href, class_name="text-link")
    answer = rx.button("Record the payor's answer", on_click=PayorAnswerForm.open)
    return (
        rx.cond(InvoicePage.may_queue, queue),
        rx.cond(InvoicePage.may_correct & ~Correction.is_open, correct),
        rx.cond(InvoicePage.item.submission_href != "", follow),
        rx.cond(InvoicePage.item.mail_href != "", mail),
        rx.cond(InvoicePage.may_answer, answer),
        rx.cond(InvoicePage.may_void, _void()),
    )


def _void() -> rx.Component:
    ask = rx.button("Void", variant="soft", color_scheme="gray", on_click=InvoicePage.ask_void(True))
    dialog = note_dialog(
        is_open=InvoicePage.is_voiding,
        on_open_change=InvoicePage.ask_void,
        on_submit=InvoicePage.void,
        title=f"Void invoice {InvoicePage.item.number}?",
        text="This cannot be undone. The number stays taken; the entries can be billed again.",
        fields=(note_field("Reason, for the record", is_required=True),),
        problem=InvoicePage.problem,
        action=rx.button("Void invoice", color_scheme="red", type="submit"),
    )
    return rx.fragment(ask, dialog)


def _standing() -> rx.Component:
    item = InvoicePage.item
    replaced = link("the invoice it replaces", href=InvoicePage.replaces_href, class_name="text-link")
    mailed = rx.cond(
        item.mail_status == "",
        rx.el.span("Not queued", class_name="muted"),
        status_badge(MailingStatus, item.mail_status),
    )
    file = rx.cond(item.file_status == "", mailed, status_badge(SubmissionStatus, item.file_status))
    return rx.fragment(
        facts(
            fact("Billed here", status_badge(DocumentStatus, item.document_status)),
            fact("File", file),
            fact("Accepted there", status_badge(DecisionStatus, item.decision_status)),
            fact("Cash", status_badge(CashStatus, item.cash_status)),
        ),
        facts(
            fact("Amount", money(item.amount)),
            rx.cond(item.approved_amount != "", fact("Accepted", money(item.approved_amount))),
            fact("Carrier", item.carrier),
            fact("Claim", item.claim_number),
            fact("Made", InvoicePage.finalized),
            rx.cond(InvoicePage.replaces_href != "", fact("Replaces", replaced)),
        ),
    )


def _findings() -> rx.Component:
    def finding(said: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
        where = rx.cond(said.line != "", f"Line {said.line}", "Whole invoice")
        return rx.el.li(
            rx.el.span(where, class_name="said-where"),
            rx.el.span(said.message),
            rx.cond(said.reduction != "", rx.el.span("-", said.reduction, class_name="money said-cut")),
        )

    return rx.el.ul(rx.foreach(InvoicePage.said, finding), class_name="said")


def _lines() -> rx.Component:
    head = rx.el.thead(
        rx.el.tr(
            *(rx.el.th(title, scope="col") for title in ("Line", "Date", "Work")),
            *(rx.el.th(title, scope="col", class_name="align-end") for title in ("Units", "Rate", "Amount")),
        )
    )
    body = rx.el.tbody(rx.foreach(InvoicePage.lines, _line))
    table = rx.el.table(
        rx.el.caption("Lines", class_name="sr-only"), head, body, class_name="table pane-table invoice-lines"
    )
    return rx.el.div(table, tab_index=0, role="region", aria_label="Lines", class_name="pane-frame")


def _line(line: Any) -> rx.Component:  # noqa: ANN401
    change = rx.el.button(
        "Change",
        type="button",
        on_click=Correction.open_line(line.number),
        aria_label=f"Change line {line.number}",
        class_name="line-change",
    )
    words = rx.el.td(
        rx.el.span(line.narrative, class_name="line-words"),
        rx.el.span(line.timekeeper, " ", rx.el.code(line.codes, class_name="tag"), class_name="line-who"),
        rx.cond(
            line.said != "",
            rx.el.span(rx.icon("octagon-x", size=13, aria_hidden="true"), line.said, class_name="line-said"),
        ),
        rx.cond(Correction.is_open, change),
    )
    return rx.el.tr(
        rx.el.td(line.number, class_name="muted"),
        rx.el.td(line.worked_on, class_name="nowrap"),
        words,
        rx.el.td(line.units, class_name="align-end"),
        rx.el.td(line.unit_cost, class_name="align-end"),
        rx.el.td(line.amount, class_name="align-end"),
    )


def _revisions() -> rx.Component:
    def revision(row: Any) -> rx.Component:  # noqa: ANN401
        return rx.el.li(
            rx.el.div(
                rx.el.span(f"Revision {row.number}", class_name="revision-number"),
                rx.el.span(row.reason),
                rx.el.span(
                    f"{row.made_at} · {row.line_count} lines · {row.amount} · sha256 {row.sha256}…",
                    class_name="row-hint",
                ),
                class_name="row-words",
            ),
            rx.el.div(
                _download(row.file_name, row.href, f"LEDES file {row.file_name}"),
                _download("PDF", row.pdf_href, f"PDF of revision {row.number}"),
                class_name="downloads",
            ),
        )

    return rx.el.ul(rx.foreach(InvoicePage.revisions, revision), class_name="revisions")


def _download(label: rx.Var[str] | str, href: rx.Var[str], name: rx.Var[str] | str) -> rx.Component:
    icon = rx.icon("download", size=15, aria_hidden="true")
    return file_link(icon, label, href=href, aria_label=name, class_name="download")


def _preview() -> rx.Component:
    label = rx.cond(InvoicePage.is_previewing, "Hide the file", "Show the file as it is sent")
    names = rx.el.tr(rx.foreach(InvoicePage.preview_fields, lambda name: rx.el.th(name, scope="col")))
    records = rx.foreach(
        InvoicePage.preview_records,
        lambda record: rx.el.tr(rx.foreach(record, lambda value: rx.el.td(rx.cond(value == "", "·", value)))),
    )
    table = rx.el.table(rx.el.thead(names), rx.el.tbody(records), class_name="ledes")
    shown = rx.el.div(
        rx.el.p(InvoicePage.preview_title, class_name="row-hint"),
        rx.el.div(table, tab_index=0, role="region", aria_label="LEDES records", class_name="pane-frame"),
    )
    button = rx.el.button(
        label,
        type="button",
        on_click=InvoicePage.toggle_preview,
        custom_attrs={"aria-expanded": rx.cond(InvoicePage.is_previewing, "true", "false")},
        class_name="plain-button",
    )
    return rx.fragment(button, rx.cond(InvoicePage.preview_fields.length() > 0, shown))
