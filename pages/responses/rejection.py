"""One rejection, open beside the queue: the way that is right, the cuts, what was accepted, and the appeals."""

from typing import Any

import reflex as rx

from models.enums import AcceptanceStatus, DecisionStatus
from pages.responses.appeal import appeal_part, document_drop, record_fields
from pages.responses.rejection_case import hand_on, rejection_findings
from pages.ui.detail_pane import detail_pane, fact, facts, part
from pages.ui.fields import long_field
from pages.ui.link import link
from pages.ui.money import money
from pages.ui.next_step import next_box
from pages.ui.refusal import refusal
from pages.ui.status_badge import status_badge
from state.responses.appeal_work import AppealWork
from state.responses.cut_work import CutWork
from state.responses.rejection import RejectionPage


def rejection_pane() -> rx.Component:
    """Return the pane."""
    item = RejectionPage.item
    correct = link(
        f"Correct it and send it back {RejectionPage.resubmission}",
        href=RejectionPage.invoice_href,
        class_name="text-link",
    )
    return detail_pane(
        RejectionPage.title,
        RejectionPage.subtitle,
        refusal(RejectionPage),
        rx.cond(
            item.id != "",
            next_box(item.next_step, item.next_who, rx.cond(RejectionPage.can_correct, correct)),
            rx.el.p("Nothing waits here any more.", class_name="muted"),
        ),
        _standing(),
        rx.cond(RejectionPage.can_hand_on, hand_on()),
        rx.cond(RejectionPage.said.length() > 0, part("What the site said", rejection_findings())),
        rx.cond(RejectionPage.cuts.length() > 0, part("What was cut", _cuts(), _choice())),
        rx.cond(
            RejectionPage.appeals.length() > 0,
            part(
                "Appeals",
                rx.foreach(RejectionPage.appeals, appeal_part),
                rx.cond(RejectionPage.can_attach, document_drop()),
            ),
        ),
        rx.cond(
            RejectionPage.acceptances.length() > 0,
            part("Accepted cuts", rx.el.ul(rx.foreach(RejectionPage.acceptances, _acceptance), class_name="said-list")),
        ),
        close_href="/rejections",
        label="Rejection",
        is_loading=RejectionPage.is_loading,
    )


def _standing() -> rx.Component:
    whole = link("Open the invoice", href=RejectionPage.invoice_href, class_name="text-link")
    return rx.fragment(
        facts(
            fact("Carrier", RejectionPage.item.carrier),
            fact("Decision", status_badge(DecisionStatus, RejectionPage.decision)),
            fact("Billed", money(RejectionPage.amount)),
            rx.cond(RejectionPage.accepted != "", fact("Accepted", money(RejectionPage.accepted))),
            fact("To settle", money(RejectionPage.cut_total)),
            rx.cond(RejectionPage.last_day != "", fact("Last day", RejectionPage.last_day)),
        ),
        rx.el.p(rx.icon("route", size=15, aria_hidden="true"), RejectionPage.route, class_name="route"),
        whole,
    )


def _cuts() -> rx.Component:
    return rx.el.ul(rx.foreach(RejectionPage.cuts, _cut), class_name="said cuts")


def _cut(cut: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    box = rx.el.input(
        type="checkbox",
        checked=cut.is_chosen,
        on_change=RejectionPage.choose(cut.key),
        aria_label=f"{cut.place}, {cut.left}",
    )
    words = rx.el.span(
        rx.el.span(cut.message),
        rx.cond(cut.code != "", rx.el.code(cut.code, class_name="tag")),
        rx.cond(cut.settled != "", rx.el.span(cut.settled, class_name="row-hint")),
        class_name="row-words",
    )
    place = rx.el.label(
        rx.cond(cut.can_choose & RejectionPage.can_appeal, box), rx.el.span(cut.place), class_name="cut-place"
    )
    return rx.el.li(place, words, rx.el.span("-", cut.cut, class_name="money said-cut"), key=cut.key)


def _choice() -> rx.Component:
    accept = rx.el.form(
        long_field("Why it is not worth an appeal, for the record", "note", rows="2", required=True),
        rx.el.p(
            f"Accepting writes the cut off. The responsible attorney approves; above {RejectionPage.limit} somebody "
            "else too. Lines and cash stay as they are.",
            class_name="row-hint",
        ),
        rx.button(
            "Accept the cut",
            variant="surface",
            high_contrast=True,
            type="submit",
            disabled=RejectionPage.chosen_count == "",
        ),
        on_submit=CutWork.accept,
        class_name="line-form choice-form",
    )
    appeal = rx.el.div(
        rx.el.p(
            rx.cond(
                RejectionPage.chosen_count != "",
                f"{RejectionPage.chosen_count} chosen, {RejectionPage.chosen_amount}.",
                "Choose the cuts above.",
            ),
            role="status",
            class_name="chosen",
        ),
        rx.el.p("Each line starts with a reason; what the carrier's handler allowed is quoted.", class_name="row-hint"),
        rx.button("Draft an appeal", on_click=AppealWork.appeal, disabled=RejectionPage.chosen_count == ""),
        rx.cond(
            RejectionPage.can_appeal_whole,
            rx.button(
                "Appeal the whole invoice", variant="surface", high_contrast=True, on_click=AppealWork.appeal_whole
            ),
        ),
        class_name="line-form choice-form",
    )
    return rx.cond(RejectionPage.can_appeal, rx.el.div(appeal, accept, class_name="two-choices settle"))


def _acceptance(row: Any) -> rx.Component:  # noqa: ANN401
    decline = rx.el.form(
        record_fields(row.id, row.version),
        long_field("Why not", "note", rows="2", required=True),
        rx.button("Decline", variant="surface", high_contrast=True, color_scheme="gray", type="submit"),
        on_submit=CutWork.decline,
        class_name="line-form",
    )
    approve = rx.el.div(
        rx.button("Approve the write-off", on_click=CutWork.approve(row.id, row.version)),
        rx.el.details(rx.el.summary("Decline it", class_name="fold"), decline),
        class_name="form-buttons",
    )
    take_back = rx.button(
        "Take it back",
        variant="soft",
        color_scheme="gray",
        on_click=CutWork.take_back(row.id, row.version),
    )
    return rx.el.li(
        rx.el.div(
            money(row.amount),
            status_badge(AcceptanceStatus, row.status),
            rx.cond(row.needs_two, rx.el.span("needs two people", class_name="row-hint")),
            class_name="badges",
        ),
        rx.el.p(row.reason),
        rx.el.p(row.facts, class_name="row-hint"),
        rx.cond(row.can_approve, approve),
        rx.cond(row.can_withdraw & ~row.can_approve, take_back),
        class_name="acceptance",
    )
