"""One mailing, open beside the list: where it is, what was sent, and what a person may decide."""

import reflex as rx

from models.enums import MailingStatus
from pages.ui.detail_pane import detail_pane, fact, facts, part
from pages.ui.fields import long_field, text_field
from pages.ui.file_link import file_link
from pages.ui.link import link
from pages.ui.money import money
from pages.ui.next_step import next_box
from pages.ui.refusal import refusal
from pages.ui.status_badge import status_badge
from pages.ui.timeline import timeline
from state.mailing.mailing import MailingPage

_DECISIONS = (
    ("confirm_sent", "It was sent", "How do you know? The payor said so, or the mail server's log does", True),
    ("confirm_unsent", "It was not sent: send it", "How do you know?", True),
    ("retry", "Try again", "Note (optional)", False),
    ("send_again", "Send again", "Why? It came back, or was lost", True),
    ("confirm_arrived", "It arrived all the same", "How do you know? The payor said so", True),
    ("print_again", "Print again", "Why?", True),
    ("withdraw", "Withdraw", "Why? It can be corrected, voided or queued again then", True),
)


def mailing_pane() -> rx.Component:
    """Return the pane."""
    item = MailingPage.item
    open_invoice = link("Open the invoice", href=item.invoice_href, class_name="text-link")
    return detail_pane(
        f"Invoice {item.invoice_number}",
        f"{item.payor} · matter {item.matter_number}",
        refusal(MailingPage),
        rx.cond(item.error != "", rx.el.p(item.error, class_name="callout amber")),
        next_box(item.next_step, item.next_who, open_invoice),
        rx.cond(MailingPage.verbs.contains("post"), part("Posted", _post())),
        *(_decision(*decision) for decision in _DECISIONS),
        _standing(),
        part("History", timeline(MailingPage.history)),
        close_href="/mail",
        label="Mailing",
        is_loading=MailingPage.is_loading,
    )


def post_fields(today: rx.Var[str] | str = "") -> tuple[rx.Component, ...]:
    """Return the fields of a day of posting and a note on it."""
    return (
        text_field("Posted on", "posted_on", type="date", required=True, default_value=today),
        text_field("Note, as in a tracking number (optional)", "note", max_length=900),
    )


def _post() -> rx.Component:
    button = rx.button("Record as posted", type="submit")
    return rx.el.form(*post_fields(), button, on_submit=MailingPage.post, class_name="decision")


def _decision(verb: str, label: str, asked: str, is_required: bool) -> rx.Component:  # noqa: FBT001 -- a row of a table
    form = rx.el.form(
        rx.el.input(type="hidden", name="verb", value=verb),
        long_field(asked, "note", rows="2", max_length=900, required=is_required, default_value=MailingPage.kept_text),
        rx.button(label, type="submit", variant="soft" if verb == "withdraw" else "solid"),
        on_submit=MailingPage.decide,
        class_name="decision",
    )
    return rx.cond(MailingPage.verbs.contains(verb), part(label, form))


def _standing() -> rx.Component:
    item = MailingPage.item
    return rx.fragment(
        facts(
            fact("State", status_badge(MailingStatus, item.status)),
            fact("Goes to", item.goes_to),
            rx.cond(item.left != "", fact("Left", item.left)),
            fact("Amount", money(item.amount)),
        ),
        facts(
            fact("Queued by", item.queued),
            rx.cond(MailingPage.subject != "", fact("Subject", MailingPage.subject)),
            rx.cond(MailingPage.message_id != "", fact("Message-ID", rx.el.code(MailingPage.message_id))),
            rx.cond(MailingPage.sha256 != "", fact("SHA-256", rx.el.code(f"{MailingPage.sha256}…", class_name="tag"))),
            rx.cond(MailingPage.note != "", fact("Note", MailingPage.note)),
        ),
        rx.el.div(
            _download("Invoice as PDF", MailingPage.pdf_href),
            _download("The mail as it was sent", MailingPage.copy_href),
            _download("Its print batch", MailingPage.batch_href),
            class_name="downloads",
        ),
    )


def _download(label: str, href: rx.Var[str]) -> rx.Component:
    file = file_link(rx.icon("download", size=15, aria_hidden="true"), label, href=href, class_name="download")
    return rx.cond(href != "", file)
