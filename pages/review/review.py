"""The review queue: what waits, the most urgent first, approved or returned in place; only flagged lines are open."""

import reflex as rx

from models.enums import ProformaStatus, Role
from pages.review.review_dialogs import dialogs
from pages.review.review_row import queue_row
from pages.ui.callout import error_callout
from pages.ui.empty_state import empty_state
from pages.ui.export_menu import export_menu
from pages.ui.keys import key_hint, keys_button, keys_overlay, pressed_by
from pages.ui.link import link
from pages.ui.page_header import page_header
from pages.ui.result import result_bar
from pages.ui.shell import shell
from pages.ui.status_badge import LOOKS
from state.review.review import ReviewQueue

_FINDINGS = (("", "Clean and flagged"), ("clean", "Clean"), ("flagged", "Flagged"), ("blocked", "Blocked"))
_AGES = (("", "Any age"), ("urgent", "Urgent"), ("overdue", "Overdue"), ("week", "Due within a week"))
_AMOUNTS = (("", "Any amount"), ("1000", "From $1,000"), ("10000", "From $10,000"), ("50000", "From $50,000"))
_STATES = (
    ("", "What waits"),
    *((status.value, LOOKS[ProformaStatus][status].word) for status in ProformaStatus),
    ("all", "All states"),
)
_KEYS = (
    ("Move", (("j k", "next and previous"), ("o Enter", "open the proforma"), ("e", "open its flagged line"))),
    (
        "Decide",
        (("a", "approve"), ("r", "return to billing"), ("f", "take the fix that is offered"), ("u", "undo"),
         ("m", "hold, forward and more")),
    ),
    ("Many at once", (("x", "tick"), ("Shift+A", "approve what is ticked, or all clean ones"))),
    ("Anywhere", (("/", "search this list"), ("Ctrl+K", "search everything"), ("g t", "Today"), ("g r", "Review"),
                  ("g i", "Invoices"), ("?", "these keys"))),
)  # fmt: skip


def review() -> rx.Component:
    """Return the page."""
    return shell(
        page_header(
            "Review",
            _subtitle(),
            export_menu("proformas", ReviewQueue.export_query),
            rx.cond(ReviewQueue.clean_count > 0, _approve_all_button()),
        ),
        rx.el.span(hidden=True, custom_attrs={"data-address": ReviewQueue.address}),
        rx.el.div(_tabs(), _keys(), class_name="filters-row"),
        _toolbar(),
        error_callout(ReviewQueue.failure),
        _result(),
        rx.cond(ReviewQueue.is_loading, _skeleton(), rx.cond(ReviewQueue.rows.length() > 0, _list(), _nothing())),
        _selection_bar(),
        _thumb_bar(),
        dialogs(),
        keys_overlay(*_KEYS),
        current="/review",
        roles=(Role.ATTORNEY, Role.BILLER, Role.ADMIN),
    )


def _subtitle() -> rx.Var:
    text = f"{ReviewQueue.left_text} · {ReviewQueue.left_amount}"
    hinted = rx.cond(ReviewQueue.hint != "", text + f" · {ReviewQueue.hint}", text)
    return rx.cond(ReviewQueue.left_text != "", hinted, "What waits for a decision, most urgent first")


def _tabs() -> rx.Component:
    choice = rx.foreach(
        ReviewQueue.tabs,
        lambda tab: link(
            tab.label,
            rx.cond(tab.count != "", rx.el.span(tab.count, class_name="filter-count")),
            href=tab.href,
            class_name="filter",
            custom_attrs={"aria-current": rx.cond(tab.is_chosen, "true", "false")},
        ),
    )
    return rx.el.nav(choice, aria_label="Which proformas", class_name="filters")


def _keys() -> rx.Component:
    hint = key_hint(("j k", "move"), ("a", "approve"), ("r", "return"), ("f", "fix"), ("u", "undo"))
    return rx.el.div(hint, keys_button(), class_name="queue-keys")


def _toolbar() -> rx.Component:
    field = rx.debounce_input(
        rx.el.input(
            value=ReviewQueue.search,
            on_change=lambda text: ReviewQueue.narrow("search", text),
            type="search",
            placeholder="Matter, claim or attorney",
            aria_label="Search matter, claim or attorney",
            custom_attrs=pressed_by("/"),
            class_name="search-field",
        ),
        debounce_timeout=300,
    )
    search = rx.el.div(rx.icon("search", size=16, aria_hidden="true"), field, role="search", class_name="search")
    carrier = rx.el.select(
        rx.el.option("All carriers", value=""),
        rx.foreach(ReviewQueue.carriers, lambda one: rx.el.option(one[1], value=one[0])),
        value=ReviewQueue.carrier,
        on_change=lambda value: ReviewQueue.narrow("carrier", value),
        aria_label="Carrier",
        class_name="choice",
    )
    clear = rx.cond(
        ReviewQueue.is_narrowed, link("Clear", href=ReviewQueue.clear_href, class_name="text-link clear-filters")
    )
    choices = rx.el.div(
        rx.cond(ReviewQueue.is_watching, rx.fragment(), _choice("State", "status", ReviewQueue.status, _STATES)),
        carrier,
        _choice("Findings", "findings", ReviewQueue.findings, _FINDINGS),
        _choice("Age", "age", ReviewQueue.age, _AGES),
        _choice("Amount", "amount", ReviewQueue.amount, _AMOUNTS),
        clear,
        class_name="queue-choices",
    )
    return rx.el.div(search, choices, class_name="toolbar queue-toolbar")


def _choice(label: str, name: str, value: rx.Var[str], options: tuple[tuple[str, str], ...]) -> rx.Component:
    return rx.el.select(
        *(rx.el.option(words, value=key) for key, words in options),
        value=value,
        on_change=lambda chosen: ReviewQueue.narrow(name, chosen),
        aria_label=label,
        class_name="choice",
    )


def _approve_all_button() -> rx.Component:
    return rx.button(
        rx.icon("check-check", size=16, aria_hidden="true"),
        f"Approve {ReviewQueue.clean_count} clean",
        on_click=ReviewQueue.offer_clean,
        # While something is ticked the key takes that instead.
        custom_attrs={"data-key": rx.cond(ReviewQueue.selected_text == "", "A", "")},
    )


def _result() -> rx.Component:
    undo = rx.button("Undo", size="1", variant="surface", on_click=ReviewQueue.undo, custom_attrs=pressed_by("u"))
    bar = result_bar(ReviewQueue.done, rx.cond(ReviewQueue.can_undo, undo), on_dismiss=ReviewQueue.dismiss)
    done = rx.el.details(
        rx.el.summary(f"See the {ReviewQueue.approved.length()} that were approved"),
        rx.el.ul(rx.foreach(ReviewQueue.approved, _named), class_name="skipped"),
        class_name="what-was-done",
    )
    skipped = rx.el.div(
        rx.icon("info", size=18, aria_hidden="true"),
        rx.el.div(
            rx.el.p("Left alone, unchanged:"), rx.el.ul(rx.foreach(ReviewQueue.skipped, _named), class_name="skipped")
        ),
        role="status",
        class_name="callout amber",
    )
    return rx.fragment(
        rx.el.div(bar, class_name="result-place"),
        rx.cond(ReviewQueue.approved.length() > 0, done),
        rx.cond(ReviewQueue.skipped.length() > 0, skipped),
    )


def _named(row: rx.Var) -> rx.Component:
    return rx.el.li(link(row.matter, href=row.href, class_name="text-link"), " ", row.reason)


def _list() -> rx.Component:
    more = rx.button("Show more", variant="soft", color_scheme="gray", on_click=ReviewQueue.show_more)
    return rx.fragment(
        rx.el.ul(rx.foreach(ReviewQueue.rows, queue_row), aria_label="Proformas", class_name="queue"),
        rx.cond(ReviewQueue.has_more, rx.el.div(more, class_name="more")),
    )


def _selection_bar() -> rx.Component:
    """Return what may be done with what was ticked; stands above the bottom of the screen."""
    bar = rx.el.div(
        rx.el.span(ReviewQueue.selected_text, " ticked", role="status", class_name="selection-text"),
        rx.button("Clear", variant="soft", color_scheme="gray", on_click=ReviewQueue.clear_selection),
        rx.button("Approve them", on_click=ReviewQueue.offer_selected, custom_attrs=pressed_by("A")),
        class_name="selection-bar",
    )
    return rx.cond(ReviewQueue.selected_text != "", bar)


def _thumb_bar() -> rx.Component:
    """Return the buttons within reach of a thumb: for the row that was touched last, or the first one."""

    def button(key: str, icon: str, words: str, look: str) -> rx.Component:
        return rx.el.button(
            rx.icon(icon, size=18, aria_hidden="true"),
            rx.el.span(words, class_name="sr-only") if look == "small" else words,
            type="button",
            custom_attrs={"data-press": key},
            class_name=f"thumb-button {look}",
        )

    bar = rx.el.div(
        rx.el.span(custom_attrs={"data-bar-name": ""}, class_name="thumb-name"),
        rx.el.div(
            button("m", "ellipsis", "More", "small"),
            button("r", "undo-2", "Return", ""),
            button("a", "check", "Approve", "primary"),
            class_name="thumb-buttons",
        ),
        role="group",
        aria_label="For the current proforma",
        class_name="thumb-bar",
    )
    return rx.cond((ReviewQueue.rows.length() > 0) & (ReviewQueue.clean_count + ReviewQueue.flagged_count > 0), bar)


def _nothing() -> rx.Component:
    mine = empty_state(
        "Nothing waits for you",
        "You are through. New proformas appear here by themselves as soon as they are sent to you.",
        link("See what you approved", href="/review?status=approved", class_name="text-link"),
        icon="check-check",
    )
    others = empty_state(
        "None here",
        "Choose another tab, take a filter away, or go back to what waits for you.",
        link("What waits for me", href="/review", class_name="text-link"),
    )
    return rx.cond(ReviewQueue.failure == "", rx.cond(ReviewQueue.address == "/review", mine, others))


def _skeleton() -> rx.Component:
    bar = rx.el.div(class_name="skeleton")
    return rx.el.div(
        *(rx.el.div(bar, bar, bar, class_name="skeleton-row tall") for _ in range(8)),
        rx.el.span("Loading", role="status", class_name="sr-only"),
        class_name="skeleton-frame",
    )
