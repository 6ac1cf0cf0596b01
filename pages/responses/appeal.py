"""One appeal in the pane of its invoice: reasons, letter and papers of a draft, its sending, and the answer."""

from typing import Any

import reflex as rx

from models.enums import AppealStatus
from pages.ui.fields import long_field, text_field
from pages.ui.file_link import file_link
from pages.ui.money import money
from pages.ui.status_badge import status_badge
from state.responses.appeal_work import UPLOAD, AppealWork
from state.responses.rejection import RejectionPage

_LARGEST = 10 * 1024 * 1024


def appeal_part(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    """Return one appeal."""
    head = rx.el.div(
        rx.el.h4(row.title, class_name="appeal-title"),
        status_badge(AppealStatus, row.status),
        rx.el.span("asked ", money(row.asked), class_name="muted"),
        rx.cond(row.granted != "", rx.el.span("granted ", money(row.granted), class_name="muted")),
        class_name="badges",
    )
    due = rx.el.p(
        rx.icon("clock", size=15, aria_hidden="true"),
        rx.el.span(row.due, class_name=rx.cond(row.is_late, "late", "")),
        class_name="deadline",
    )
    return rx.el.section(
        head,
        rx.cond(row.due != "", due),
        rx.el.p(row.facts, class_name="row-hint"),
        rx.cond(row.answer != "", rx.el.blockquote(row.answer, aria_label="The answer", class_name="site-text")),
        rx.cond(row.can_change, _draft(row), _lines(row)),
        rx.cond(row.documents.length() > 0, _documents(row)),
        rx.cond(row.can_send, _send(row)),
        rx.cond(row.can_answer, _answer(row)),
        rx.cond(row.can_change, _withdraw(row)),
        aria_label=row.title,
        key=row.id,
        class_name="decision appeal",
    )


def record_fields(record_id: Any, version: Any) -> rx.Component:  # noqa: ANN401
    """Return what a form says of its record: a row's values can stand in its fields, not in what it is submitted to."""
    return rx.fragment(
        rx.el.input(type="hidden", name="id", value=record_id),
        rx.el.input(type="hidden", name="version", value=version),
    )


def document_drop() -> rx.Component:
    """Return where a document is dropped on the draft under way; there is one at most."""
    return rx.upload(
        rx.el.span("Attach a document", class_name="plain-button"),
        rx.el.span("PDF, PNG or JPEG, up to 10 MB", class_name="row-hint"),
        id=UPLOAD,
        multiple=False,
        max_size=_LARGEST,
        accept={"image/png": [".png"], "image/jpeg": [".jpg", ".jpeg"], "application/pdf": [".pdf"]},
        on_drop=AppealWork.attach(rx.upload_files(upload_id=UPLOAD)),
        on_drop_rejected=lambda _files: AppealWork.refuse_document(),
        custom_attrs={"role": "button"},
        border="1px dashed var(--gray-8)",
        padding="12px",
        class_name="paper-drop",
    )


def _day_field(label: str, name: str) -> rx.Component:
    field = rx.el.input(name=name, type="date", default_value=RejectionPage.today, required=True, class_name="field")
    return rx.el.label(rx.el.span(label, class_name="field-label"), field, class_name="field-block")


def _lines(row: Any) -> rx.Component:  # noqa: ANN401
    def line(one: Any) -> rx.Component:  # noqa: ANN401
        amount = rx.cond(one.granted != "", rx.fragment(one.granted, " of ", one.asked), one.asked)
        return rx.el.li(
            rx.el.span(one.place, class_name="said-where"),
            rx.el.span(one.reason),
            rx.el.span(amount, class_name="money"),
        )

    return rx.el.ul(rx.foreach(row.lines, line), class_name="said")


def _draft(row: Any) -> rx.Component:  # noqa: ANN401
    def line(one: Any) -> rx.Component:  # noqa: ANN401
        return rx.el.div(
            long_field(
                f"{one.place}, {one.asked}",
                f"reason-{one.key}",
                rows="3",
                default_value=one.reason,
                max_length=4000,
            ),
            key=one.key,
        )

    return rx.el.form(
        record_fields(row.id, row.version),
        rx.foreach(row.lines, line),
        long_field("Letter to the carrier (optional)", "letter", rows="2", default_value=row.letter, max_length=8000),
        rx.button("Save the draft", variant="surface", high_contrast=True, type="submit"),
        on_submit=AppealWork.save,
        class_name="line-form",
    )


def _documents(row: Any) -> rx.Component:  # noqa: ANN401
    def document(one: Any) -> rx.Component:  # noqa: ANN401
        remove = rx.el.button(
            "Remove",
            type="button",
            on_click=AppealWork.detach(row.id, row.version, one.id),
            aria_label=f"Remove {one.name}",
            class_name="line-change",
        )
        return rx.el.li(
            file_link(
                rx.icon("paperclip", size=15, aria_hidden="true"),
                one.name,
                href=one.href,
                target="_blank",
                rel="noopener",
                class_name="download",
            ),
            rx.el.span(one.hint, class_name="row-hint"),
            rx.cond(row.can_change, remove),
            class_name="paper",
        )

    return rx.el.ul(rx.foreach(row.documents, document), class_name="papers")


def _send(row: Any) -> rx.Component:  # noqa: ANN401
    form = rx.el.form(
        record_fields(row.id, row.version),
        rx.el.p("Send it on the carrier's site or by mail, then record that here with its proof.", class_name="muted"),
        _day_field("Sent on", "sent_on"),
        text_field("The site's reference, or what proves the sending", "reference", required=True, max_length=120),
        rx.button("Record as sent", type="submit"),
        on_submit=AppealWork.send,
        class_name="line-form",
    )
    return rx.el.details(rx.el.summary("It is sent: record it", class_name="fold"), form)


def _answer(row: Any) -> rx.Component:  # noqa: ANN401
    def line(one: Any) -> rx.Component:  # noqa: ANN401
        return rx.el.div(
            text_field(
                f"{one.place}: granted of {one.asked}",
                f"granted-{one.key}",
                input_mode="decimal",
                default_value="0.00",
                placeholder=one.asked_plain,
            ),
            key=one.key,
        )

    form = rx.el.form(
        record_fields(row.id, row.version),
        rx.foreach(row.lines, line),
        _day_field("Answered on", "answered_on"),
        long_field("What the carrier wrote", "answer", rows="2", max_length=1000),
        rx.button("Record the answer", type="submit"),
        on_submit=AppealWork.record_answer,
        class_name="line-form",
    )
    return rx.el.details(rx.el.summary("The carrier answered: record it", class_name="fold"), form)


def _withdraw(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.button(
        "Withdraw the draft",
        variant="soft",
        color_scheme="gray",
        on_click=AppealWork.withdraw(row.id, row.version),
    )
