"""A carrier's rules: each in a plain sentence with what it would have done last month, edited beside the list."""

from typing import Any

import reflex as rx

from models.enums import FindingAction, Role
from pages.rules.guideline_dialogs import add_dialog, history_dialog, import_dialog, save_dialog
from pages.rules.guideline_permissions import permissions
from pages.rules.guideline_proposal import guideline_proposal
from pages.rules.guideline_rule import rule_panel
from pages.rules.guideline_words import change_list, did
from pages.ui.callout import error_callout, notice
from pages.ui.empty_state import empty_state
from pages.ui.keys import key_hint, pressed_by
from pages.ui.link import link
from pages.ui.may import may
from pages.ui.result import result_bar
from pages.ui.shell import shell
from pages.ui.status_badge import status_badge
from state.rules.guideline_history import GuidelineHistory
from state.rules.guideline_saving import GuidelineSaving
from state.rules.guidelines import GuidelineEditor


def guidelines() -> rx.Component:
    """Return the page."""
    body = rx.fragment(
        _unsaved(),
        guideline_proposal(),
        result_bar(GuidelineEditor.done, on_dismiss=GuidelineEditor.dismiss),
        rx.cond(GuidelineEditor.may_try, _trial()),
        rx.el.div(_list(), rule_panel(), class_name="beside"),
        permissions(),
    )
    return shell(
        _head(),
        error_callout(GuidelineEditor.failure),
        rx.cond(GuidelineEditor.is_loading, _skeleton(), rx.cond(GuidelineEditor.carrier_name != "", body)),
        add_dialog(),
        save_dialog(),
        import_dialog(),
        history_dialog(),
        current="/carriers",
        roles=(Role.ADMIN, Role.BILLER, Role.ATTORNEY),
    )


def _head() -> rx.Component:
    carriers = rx.cond(may(Role.ADMIN), link("Carriers", href="/carriers", class_name="crumb"), rx.el.span("Carriers"))
    crumb = rx.el.nav(
        carriers,
        rx.icon("chevron-right", size=14, aria_hidden="true"),
        rx.el.span(GuidelineEditor.carrier_name, custom_attrs={"aria-current": "page"}),
        aria_label="Where you are",
        class_name="crumbs",
    )
    note = rx.cond(
        GuidelineEditor.in_force_note != "", rx.el.span(f" · “{GuidelineEditor.in_force_note}”", class_name="muted")
    )
    title = rx.el.div(
        rx.el.h1(
            "Guidelines ", rx.el.span(GuidelineEditor.carrier_name, class_name="title-name"), class_name="page-title"
        ),
        rx.el.p(GuidelineEditor.in_force, note, class_name="page-subtitle"),
        class_name="min-w-0",
    )
    actions = rx.el.div(
        _button("history", "Versions", GuidelineHistory.show(True)),
        _button("download", "Export", GuidelineSaving.export),
        rx.cond(
            GuidelineEditor.may_edit,
            rx.fragment(
                _button("upload", "Import…", GuidelineSaving.ask_import(True)),
                rx.button(
                    rx.icon("plus", size=16, aria_hidden="true"),
                    "Add a rule",
                    on_click=GuidelineEditor.ask_kind(True),
                    custom_attrs=pressed_by("n"),
                ),
            ),
        ),
        class_name="page-actions verbs",
    )
    return rx.el.div(crumb, rx.el.div(title, actions, class_name="page-header"))


def _button(icon: str, label: str, event: Any) -> rx.Component:  # noqa: ANN401 -- an event handler or spec
    return rx.button(
        rx.icon(icon, size=16, aria_hidden="true"), label, variant="outline", color_scheme="gray", on_click=event
    )


def _unsaved() -> rx.Component:
    undo = rx.button(
        rx.icon("undo-2", size=15, aria_hidden="true"),
        "Undo",
        size="1",
        variant="surface",
        color_scheme="gray",
        on_click=GuidelineEditor.undo,
        custom_attrs=pressed_by("u"),
    )
    drop = rx.button("Drop all", size="1", variant="surface", color_scheme="gray", on_click=GuidelineEditor.drop)
    save = rx.button("Save…", size="1", on_click=GuidelineSaving.ask, custom_attrs=pressed_by("s"))
    bar = rx.el.section(
        rx.el.div(
            rx.icon("pencil-line", size=17, aria_hidden="true"),
            rx.el.p(rx.el.strong("Not saved: "), GuidelineEditor.changes_text),
            undo,
            drop,
            save,
            class_name="unsaved-head",
        ),
        rx.cond(
            GuidelineEditor.changes.length() > 0,
            rx.el.details(
                rx.el.summary("What changes", class_name="fold"),
                change_list(GuidelineEditor.changes),
                class_name="unsaved",
            ),
        ),
        aria_label="Changes that are not saved",
        class_name="unsaved-bar",
    )
    undone = rx.cond(GuidelineEditor.can_undo & GuidelineEditor.may_edit, rx.el.div(undo, class_name="undo-only"))
    newer = rx.cond(GuidelineEditor.newer != "", notice(GuidelineEditor.newer, icon="git-compare"))
    return rx.fragment(newer, rx.cond(GuidelineEditor.changes_text != "", bar, undone))


def _trial() -> rx.Component:
    month = rx.el.select(
        rx.foreach(GuidelineEditor.months, lambda one: rx.el.option(one.words, value=one.value, selected=one.is_on)),
        on_change=GuidelineEditor.choose_month,
        aria_label="Month that the rules are tried on",
        class_name="choice",
    )
    state = rx.cond(
        GuidelineEditor.is_trying,
        rx.el.span(
            rx.icon("loader", size=14, aria_hidden="true", class_name="turning"), "Trying…", class_name="trying"
        ),
        rx.el.span(GuidelineEditor.tried_text, class_name="muted"),
    )
    return rx.el.section(
        rx.el.div(
            rx.icon("flask-conical", size=17, aria_hidden="true"),
            rx.el.span("What each rule would have done in"),
            month,
            rx.el.span(state, role="status", class_name="trial-state"),
            class_name="trial-bar",
        ),
        error_callout(GuidelineEditor.trial_problem),
        aria_label="Live test",
    )


def _list() -> rx.Component:
    rules = rx.el.ol(rx.foreach(GuidelineEditor.cards, _card), class_name="rule-list")
    nothing = empty_state("No rules yet", "Add the carrier's first rule, or import a list.", icon="scale")
    removed = rx.el.section(
        rx.el.h2("Taken out; today these rules do", class_name="panel-title"),
        rx.el.ul(rx.foreach(GuidelineEditor.removed, rx.el.li), class_name="skipped"),
        class_name="rules-removed",
    )
    return rx.el.div(
        rx.cond(GuidelineEditor.cards.length() > 0, rules, nothing),
        rx.cond(GuidelineEditor.removed.length() > 0, removed),
        key_hint(("j k", "move"), ("e", "open"), ("n", "add"), ("u", "undo"), ("s", "save"), ("Esc", "close")),
        class_name="beside-list",
    )


def _card(card: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    opener = rx.el.button(
        card.title,
        type="button",
        on_click=GuidelineEditor.open_rule(card.key),
        custom_attrs={
            **pressed_by("e"),
            "aria-expanded": rx.cond(GuidelineEditor.panel.key == card.key, "true", "false"),
        },
        class_name="rule-title",
    )
    head = rx.el.div(
        rx.el.span(card.number, class_name="rule-number"),
        opener,
        status_badge(FindingAction, card.action),
        rx.cond(card.change != "", rx.el.span(card.change, class_name="badge badge-blue")),
        class_name="rule-head",
    )
    problem = rx.el.p(rx.icon("circle-alert", size=14, aria_hidden="true"), card.problem, class_name="rule-problem")
    return rx.el.li(
        head,
        rx.cond(card.sentence != "", rx.el.p(card.sentence, class_name="rule-sentence")),
        rx.cond(card.conditions != "", rx.el.p(card.conditions, class_name="row-hint")),
        rx.match(
            card.state,
            ("wrong", problem),
            ("trying", rx.cond(GuidelineEditor.is_trying, rx.el.p("Trying…", class_name="rule-did muted"))),
            rx.cond(card.did != "", did(card)),
        ),
        key=card.key,
        tab_index=-1,
        custom_attrs={"data-row": card.key},
        class_name=rx.cond(GuidelineEditor.panel.key == card.key, "rule-card selected", "rule-card"),
    )


def _skeleton() -> rx.Component:
    bar = rx.el.div(class_name="skeleton")
    return rx.el.div(
        *(rx.el.div(bar, bar, bar, class_name="skeleton-row tall") for _ in range(8)),
        rx.el.span("Loading", role="status", class_name="sr-only"),
        class_name="skeleton-frame",
    )
