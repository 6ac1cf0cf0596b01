"""What is proposed for a carrier's rules from its cuts: the rule, what it would have met, and the lines."""

from typing import Any

import reflex as rx

from pages.ui.callout import error_callout
from pages.ui.link import link
from state.rules.guideline_proposal import GuidelineProposal


def guideline_proposal() -> rx.Component:
    """Return the section; nothing where the address proposes nothing."""
    lines = rx.el.details(
        rx.el.summary("The lines that were cut", class_name="fold"),
        rx.el.ul(rx.foreach(GuidelineProposal.lines, _line), class_name="said"),
        open=True,
    )
    shown = rx.fragment(
        rx.el.p(rx.el.strong(GuidelineProposal.title), " ", GuidelineProposal.sentence),
        rx.el.p(GuidelineProposal.result, class_name="proposal-result"),
        rx.el.p(GuidelineProposal.standing, role="status"),
        lines,
    )
    looking = rx.el.p(rx.icon("loader", size=14, aria_hidden="true", class_name="turning"), "Looking for the rule…")
    section = rx.el.section(
        rx.el.h2("Proposed from cuts: ", GuidelineProposal.reason, class_name="panel-title"),
        error_callout(GuidelineProposal.problem),
        rx.cond(GuidelineProposal.is_looking, looking, rx.cond(GuidelineProposal.title != "", shown)),
        aria_label="Proposed from cuts",
        class_name="decision proposed",
    )
    return rx.cond(GuidelineProposal.reason != "", section)


def _line(line: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    return rx.el.li(
        link(line.place, href=line.href, class_name="text-link"),
        rx.el.span(line.narrative),
        rx.el.span("-", line.cut, class_name="money said-cut"),
    )
