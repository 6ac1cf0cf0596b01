"""Approved proformas waiting to become invoices: made and queued at one click, with a bar."""

from typing import Any

import reflex as rx

from pages.ui.callout import error_callout, notice
from pages.ui.confirm import confirm
from pages.ui.link import link
from pages.ui.progress import progress
from state.invoicing.finalizing import Finalizing


def finalizing() -> rx.Component:
    """Return the notice of what is approved, the work under way, and what it left behind."""
    count = rx.cond(
        Finalizing.ready_count == 1, "1 proforma is approved", f"{Finalizing.ready_count} proformas are approved"
    )
    button = confirm(
        rx.button("Make the invoices and queue them"),
        title="Make the invoices?",
        consequence=(
            f"{Finalizing.ready_count} approved proformas for {Finalizing.ready_amount} become numbered invoices that "
            "never change, and their files are queued for the carriers. This cannot be undone."
        ),
        action="Make and queue",
        on_confirm=Finalizing.finalize_all,
    )
    waiting = notice(f"{count} for {Finalizing.ready_amount}.", button, tone="green", icon="file-check")
    bar = progress(
        Finalizing.phase, done=Finalizing.work_done, total=Finalizing.work_total, time_left=Finalizing.left_text
    )
    return rx.fragment(
        error_callout(Finalizing.failure),
        rx.cond(Finalizing.is_working, bar, rx.cond(Finalizing.ready_count > 0, waiting)),
        rx.el.div(rx.cond(Finalizing.outcome != "", _outcome()), role="status"),
        rx.cond(Finalizing.left_behind.length() > 0, _left_behind()),
    )


def _outcome() -> rx.Component:
    follow = link("Follow them", href="/submissions", class_name="text-link")
    return notice(Finalizing.outcome, follow, tone="green", icon="circle-check")


def _left_behind() -> rx.Component:
    def fault(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
        return rx.el.li(link(row.what, href=row.href, class_name="text-link"), f" {row.reason}")

    return rx.el.div(
        rx.el.p("These stayed where they were; the others went through."),
        rx.el.ul(rx.foreach(Finalizing.left_behind, fault), class_name="skipped"),
        class_name="callout amber block",
    )
