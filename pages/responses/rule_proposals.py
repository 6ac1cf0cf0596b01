"""Rules from cuts: each reason that comes again and again, with its lines as evidence and the rule proposed for it."""

from typing import Any

import reflex as rx

from pages.ui.empty_state import empty_state
from pages.ui.fields import long_field
from pages.ui.link import link
from pages.ui.money import money
from pages.ui.refusal import refusal
from state.responses.rule_proposals import RuleProposals


def rule_proposals() -> rx.Component:
    """Return the view."""
    nothing = empty_state(
        "Nothing is cut again and again",
        "When a carrier cuts three lines for the same reason within half a year, a rule can be proposed here.",
        icon="circle-check",
    )
    closed = empty_state("For billing and administrators", "Proposals look at the lines of every matter.", icon="lock")
    found = rx.el.ul(rx.foreach(RuleProposals.items, _repeated), class_name="repeats")
    shown = rx.cond(
        RuleProposals.is_loading,
        rx.el.div(class_name="skeleton board-skeleton"),
        rx.cond(RuleProposals.items.length() > 0, found, nothing),
    )
    return rx.fragment(refusal(RuleProposals), rx.cond(RuleProposals.may_see, shown, closed))


def _repeated(one: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    head = rx.el.div(
        rx.el.div(
            rx.el.h2(one.reason, class_name="repeat-reason"),
            rx.el.p(f"{one.carrier} · {one.count}", class_name="row-hint"),
            class_name="row-words",
        ),
        money(one.amount),
        class_name="repeat-head",
    )
    evidence = rx.el.details(
        rx.el.summary("The lines", class_name="fold"), rx.el.ul(rx.foreach(one.examples, _example), class_name="said")
    )
    is_open = RuleProposals.proposal.key == one.key
    ask = rx.button("Propose a rule", variant="surface", on_click=RuleProposals.propose(one.key))
    return rx.el.li(head, evidence, rx.cond(is_open, _proposal(), ask), key=one.key, class_name="repeat")


def _example(line: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.li(
        link(line.place, href=line.href, class_name="text-link"),
        rx.el.span(line.narrative),
        rx.el.span("-", line.cut, class_name="money said-cut"),
    )


def _proposal() -> rx.Component:
    item = RuleProposals.proposal
    save = rx.el.form(
        long_field("Why, for the version's note", "note", rows="2", required=True),
        rx.button("Put it in force", type="submit"),
        on_submit=RuleProposals.adopt,
        class_name="line-form",
    )
    editor = link("Open the guideline editor", href=item.editor_href, class_name="text-link")
    rule = rx.fragment(
        rx.el.p(rx.el.strong(item.title), " ", item.sentence),
        rx.el.p(item.result, class_name="proposal-result"),
        rx.cond(
            item.is_in_force,
            rx.el.p("The carrier's guidelines ask this already.", class_name="muted"),
            rx.cond(RuleProposals.may_save, save, rx.el.p("An administrator puts it in force.", class_name="muted")),
        ),
        editor,
    )
    none = rx.el.p("No kind of rule would have met half of these lines.", class_name="muted")
    return rx.el.section(rx.cond(item.is_nothing, none, rule), aria_label="Proposal", class_name="decision")
