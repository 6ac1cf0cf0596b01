"""One result mail, open beside the inbox: what it says as text, and what a person may do about it."""

from typing import Any

import reflex as rx

from models.enums import ResultMailStatus, ResultStanding, Role
from pages.ui.detail_pane import detail_pane, fact, facts, part
from pages.ui.fields import long_field, text_field
from pages.ui.link import link
from pages.ui.may import may
from pages.ui.money import money
from pages.ui.refusal import refusal
from pages.ui.status_badge import status_badge
from pages.ui.timeline import timeline
from state.responses.result_mail import CHOICES, ResultMailPage


def result_mail_pane() -> rx.Component:
    """Return the pane."""
    page = ResultMailPage
    return detail_pane(
        page.subject,
        f"{page.sender} · {page.received} UTC",
        refusal(page),
        rx.cond(page.note != "", rx.el.p(page.note, class_name="callout amber")),
        facts(
            fact("State", status_badge(ResultMailStatus, page.status)),
            fact("Carrier", rx.cond(page.carrier != "", page.carrier, "None yet")),
        ),
        rx.cond(page.told.length() > 0, part("What it told", told_list(page.told))),
        part("The mail, as text", rx.el.pre(page.text, tab_index=0, class_name="mail-text")),
        rx.cond(page.verbs.contains("match"), _match()),
        rx.cond(page.verbs.contains("match") & may(Role.ADMIN), _learn()),
        rx.cond(page.verbs.contains("ignore"), _ignore()),
        rx.cond(page.verbs.contains("reconsider"), rx.button("Put back", on_click=page.take_back, variant="surface")),
        part("History", timeline(page.history)),
        close_href="/results",
        label="Result mail",
        is_loading=page.is_loading,
    )


def told_list(told: rx.Var) -> rx.Component:
    """Return results one below the other, each with what became of it."""

    def one(item: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
        number = rx.cond(item.href != "", link(item.number, href=item.href, class_name="text-link"), item.number)
        return rx.el.li(
            rx.el.div(
                rx.el.span(number, class_name="said-where"),
                rx.el.span(item.outcome),
                rx.cond(item.amount != "", money(item.amount)),
                status_badge(ResultStanding, item.standing),
                class_name="told-facts",
            ),
            rx.cond(item.note != "", rx.el.p(item.note, class_name="muted")),
            class_name="told",
        )

    return rx.el.ul(rx.foreach(told, one), class_name="told-list")


def outcome_field(name: str | rx.Var, label: str | rx.Var, chosen: str | rx.Var = "") -> rx.Component:
    """Return the choice of what a carrier says."""
    options = (rx.el.option(value.replace("_", " ").capitalize(), value=value) for value in CHOICES)
    return rx.el.label(
        rx.el.span(label, class_name="field-label"),
        rx.el.select(
            rx.el.option("Choose", value=""),
            *options,
            name=name,
            default_value=chosen,
            required=True,
            class_name="field",
        ),
        class_name="field-block",
    )


def _match() -> rx.Component:
    form = rx.el.form(
        rx.el.div(
            text_field("Invoice number", "invoice_number", required=True, max_length=20),
            outcome_field("outcome", "What the carrier says"),
            text_field("Approved amount, where it names one", "amount", input_mode="decimal", max_length=30),
            class_name="two-choices",
        ),
        long_field("The carrier's reason, where it gives one", "reason", rows="2", max_length=900),
        rx.button("Record it", type="submit"),
        on_submit=ResultMailPage.match,
        class_name="line-form",
    )
    return _fold("Match it to an invoice by hand", form)


def _learn() -> rx.Component:
    form = rx.el.form(
        rx.el.p(
            "Copy number, word and amount from the text above, exactly as they stand there. The rest is generalised.",
            class_name="muted",
        ),
        rx.el.div(
            text_field("Invoice number in the mail", "invoice_number", required=True, max_length=20),
            text_field("Its word for the decision", "word", required=True, max_length=120),
            outcome_field("outcome", "What that word means"),
            text_field("Approved amount in the mail", "amount", max_length=30),
            class_name="two-choices",
        ),
        rx.button("Show what it would learn", type="submit", variant="surface"),
        on_submit=ResultMailPage.learn,
        class_name="line-form",
    )
    proposal = rx.el.div(
        rx.el.p(ResultMailPage.learnt_count, role="status"),
        facts(
            fact("Subject", rx.el.code(ResultMailPage.learnt_subject, class_name="tag pattern")),
            fact("Text", rx.el.code(ResultMailPage.learnt_text, class_name="tag pattern")),
        ),
        rx.el.div(
            rx.button("Put it in force", on_click=ResultMailPage.save_learnt),
            rx.button("Learn nothing", on_click=ResultMailPage.drop_learnt, variant="soft", color_scheme="gray"),
            class_name="dialog-buttons",
        ),
        class_name="learnt",
    )
    return _fold("Learn how this carrier writes", form, rx.cond(ResultMailPage.is_learning, proposal))


def _ignore() -> rx.Component:
    form = rx.el.form(
        long_field("Why nothing is to be done", "note", rows="2", required=True, max_length=900),
        rx.button("Ignore it", type="submit", variant="surface"),
        on_submit=ResultMailPage.ignore,
        class_name="line-form",
    )
    return _fold("Put it aside", form)


def _fold(title: str, *content: rx.Component) -> rx.Component:
    return rx.el.details(rx.el.summary(title, class_name="fold"), *content, class_name="decision")
