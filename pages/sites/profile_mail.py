"""The form of a carrier's result mails: sender, signature, layouts and words, tried on a mail that is pasted."""

from typing import Any

import reflex as rx

from pages.sites.profile_parts import act, fold, row
from pages.ui.callout import error_callout, notice
from pages.ui.fields import long_field, text_field
from state.sites.profile_editor import ProfileEditor
from state.sites.profile_mail import ProfileMail


def mail_form() -> rx.Component:
    """Return the form, folded."""
    return fold(
        "Result mails",
        "Mails that tell decisions: who sends and signs them, how they look, and what their words mean.",
        error_callout(ProfileMail.problem),
        _head(),
        rx.el.h3("Layouts", class_name="pane-heading"),
        rx.el.ul(rx.foreach(ProfileEditor.layouts, _layout), class_name="part-rows"),
        _layout_form(),
        rx.el.h3("Try it on a mail", class_name="pane-heading"),
        _trial(),
    )


def _head() -> rx.Component:
    def words(one: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
        return long_field(one[1], one[0], rows="1", default_value=one[2])

    return rx.el.form(
        rx.el.div(
            text_field("Sender", "sender", default_value=ProfileEditor.mail_sender, spell_check=False,
                       placeholder="results@carrier.example"),
            text_field("Signed by (DKIM domain)", "dkim_domain", default_value=ProfileEditor.mail_domain,
                       spell_check=False, placeholder="carrier.example"),
            class_name="column-fields",
        ),
        rx.el.details(
            rx.el.summary("The carrier's words, one a line, in capitals or not", class_name="fold"),
            rx.el.div(rx.foreach(ProfileEditor.mail_words, words), class_name="column-fields"),
            open=True,
        ),
        rx.el.div(rx.button("Keep these changes", variant="surface", type="submit"), class_name="form-buttons"),
        key=f"{ProfileEditor.mail_sender}-{ProfileEditor.mail_domain}-{ProfileEditor.mail_words.to_string()}",
        on_submit=ProfileMail.keep_head,
        class_name="line-form",
    )  # fmt: skip


def _layout(layout: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    return row(
        layout.name,
        layout.subject,
        act("Edit", f"Edit layout {layout.name}", ProfileMail.open_layout(layout.position)),
        act("Remove", f"Remove layout {layout.name}", ProfileMail.remove_layout(layout.position)),
    )


def _layout_form() -> rx.Component:
    layout = ProfileMail.layout
    is_change = layout.position != ""
    cancel = rx.button("Cancel", variant="soft", color_scheme="gray", type="button", on_click=ProfileMail.put_away)
    keep = rx.button(rx.cond(is_change, "Keep these changes", "Add layout"), variant="surface", type="submit")
    return rx.el.form(
        text_field("Layout", "name", default_value=layout.name, required=True, max_length=80,
                   placeholder="As people call it"),
        _pattern("Subject", "subject", layout.subject, "^Invoice .* decided"),
        _pattern("Each invoice", "invoice", layout.invoice, r"(?P<invoice_number>\S+) \| (?P<decision>\w+)"),
        _pattern("Each line of an invoice (optional)", "line", layout.line, r"Line (?P<line>\d+): (?P<reason>.+)"),
        rx.el.p(
            "Regular expressions with named groups. Of an invoice: invoice_number and decision are needed, amount, "
            "billed, reason, paid, paid_on and reference may stand. Of a line: reason is needed, line and amount may "
            "stand. HTML mails read as one line a row, cells joined by ' | '.",
            class_name="row-hint",
        ),
        rx.el.div(keep, rx.cond(is_change, cancel), class_name="form-buttons"),
        key=f"layout-{layout.position}-{ProfileMail.form_round}",
        on_submit=ProfileMail.keep_layout,
        class_name="line-form step-form",
    )  # fmt: skip


def _pattern(label: str, name: str, value: Any, example: str) -> rx.Component:  # noqa: ANN401 -- a Var
    return long_field(
        label,
        name,
        rows="2",
        default_value=value,
        placeholder=example,
        spell_check=False,
        custom_attrs={"data-grid": "true"},
    )


def _trial() -> rx.Component:
    form = rx.el.form(
        text_field("Subject, where the mail is pasted without its head", "subject", max_length=500),
        long_field("The mail: its source, or its text", "mail", rows="6", required=True, spell_check=False),
        rx.el.div(rx.button("Try", variant="surface", type="submit"), class_name="form-buttons"),
        on_submit=ProfileMail.try_mail,
        reset_on_submit=False,
        class_name="line-form",
    )
    return rx.fragment(
        rx.el.p("Reads it by the draft as it stands. Nothing is recorded.", class_name="muted"), form, _read()
    )


def _read() -> rx.Component:
    def one(said: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
        return rx.el.li(
            rx.el.span(said.invoice, class_name="said-where"),
            rx.el.div(
                rx.el.p(said.outcome),
                rx.cond(said.amounts != "", rx.el.p(said.amounts, class_name="muted tabular-nums")),
                rx.cond(said.reasons != "", rx.el.p(said.reasons, class_name="muted said-lines")),
            ),
        )

    trust = rx.cond(
        ProfileMail.trial_counts,
        notice(ProfileMail.trial_trust, tone="green", icon="check"),
        notice(ProfileMail.trial_trust, tone="amber", icon="triangle-alert"),
    )
    box = rx.el.div(
        rx.cond(
            ProfileMail.trial_layout != "", rx.el.p("Read by the layout ", rx.el.strong(ProfileMail.trial_layout), ".")
        ),
        rx.el.ul(rx.foreach(ProfileMail.trial_rows, one), class_name="said"),
        rx.el.ul(
            rx.foreach(ProfileMail.trial_unclear, lambda text: rx.el.li(rx.el.span(text))), class_name="said unclear"
        ),
        trust,
        role="status",
        aria_label="What the mail says",
        class_name="mail-read",
    )
    return rx.cond(ProfileMail.was_tried, box)
