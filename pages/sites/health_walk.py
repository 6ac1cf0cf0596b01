"""The health of a carrier's site: the nightly walk with its consent, and pages that drifted with both pictures."""

from typing import Any

import reflex as rx

from pages.ui.callout import error_callout
from pages.ui.file_link import file_link
from pages.ui.note_dialog import note_dialog, note_field
from pages.ui.result import result_bar
from pages.ui.status_badge import Look, badge
from state.sites.health_walk import CarrierHealth

_STATES = {
    "same": Look("green", "check", "As before"),
    "note": Look("blue", "pencil", "Changed"),
    "breaks": Look("red", "x", "Uploads will fail"),
}
_ENDS = {
    "walked": Look("green", "check", "Walked"),
    "changed": Look("red", "x", "Changed"),
    "closed": Look("grey", "clock", "Maintenance"),
    "away": Look("amber", "wifi-off", "Not reached"),
    "stopped": Look("red", "ban", "Stopped"),
    "not_made": Look("grey", "circle-slash", "Not made"),
}


def health() -> rx.Component:
    """Return the last walk, its pages, and what the walk rests on."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Nightly walk", class_name="pane-heading"),
            rx.button(
                rx.icon("footprints", size=15, aria_hidden="true"),
                "Walk now",
                variant="surface",
                on_click=CarrierHealth.walk_now,
                loading=CarrierHealth.is_busy,
                disabled=CarrierHealth.reasons.length() > 0,
            ),
            class_name="card-head",
        ),
        rx.el.p(
            "Signs in once a night, looks at every page that uploads need, and signs out. It gives no file; "
            "whatever a page would send is stopped in the browser.",
            class_name="muted",
        ),
        error_callout(CarrierHealth.problem),
        result_bar(CarrierHealth.done, on_dismiss=CarrierHealth.dismiss),
        _last(),
        rx.cond(
            CarrierHealth.pages.length() > 0,
            rx.el.ul(rx.foreach(CarrierHealth.pages, _page), class_name="walk-pages"),
        ),
        _terms(),
        id="walk",
        aria_label="Nightly walk",
        class_name="profile-card",
    )


def drifts() -> rx.Component:
    """Return each page that differs from its base, above the draft, and the question before a new look is accepted."""
    return rx.fragment(rx.foreach(CarrierHealth.drifts, _drift), _accept_dialog())


def _last() -> rx.Component:
    looks = [(end, badge(look)) for end, look in _ENDS.items()]
    last = rx.fragment(
        rx.el.p(
            rx.match(CarrierHealth.last_end, *looks, rx.fragment()),
            " ",
            rx.el.span(CarrierHealth.last_words, class_name="card-strong"),
            rx.el.span(f" · {CarrierHealth.last_at}", class_name="muted"),
        ),
        rx.cond(CarrierHealth.last_message != "", rx.el.p(CarrierHealth.last_message)),
        rx.cond(
            CarrierHealth.stopped.length() > 0,
            rx.el.details(
                rx.el.summary("Stopped in the browser", class_name="fold"),
                rx.el.ul(
                    rx.foreach(CarrierHealth.stopped, lambda one: rx.el.li(rx.el.code(one))), class_name="walk-stopped"
                ),
            ),
        ),
    )
    return rx.el.div(
        rx.cond(CarrierHealth.last_at != "", last, rx.el.p("This site was not walked through yet.")),
        rx.cond(
            CarrierHealth.waiting != "",
            rx.el.p("Next walk from ", CarrierHealth.waiting, ", when no file is ready.", class_name="muted"),
        ),
        role="status",
        class_name="walk-last",
    )


def _page(page: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    states = [(state, badge(look)) for state, look in _STATES.items()]
    return rx.el.li(
        rx.el.span(page.title, rx.el.span(page.seen_at, class_name="row-hint"), class_name="row-words"),
        rx.match(page.state, *states, rx.fragment()),
    )


def _terms() -> rx.Component:
    def box(name: str, label: Any, is_on: Any, *, is_off: Any = False) -> rx.Component:  # noqa: ANN401 -- Vars
        check = rx.el.input(type="checkbox", name=name, default_checked=is_on, disabled=is_off)
        return rx.el.label(check, rx.el.span(label), class_name="step-check")

    form = rx.el.form(
        box(
            "wanted",
            "Walk through this site every night",
            CarrierHealth.is_wanted,
            is_off=~CarrierHealth.is_permitted & ~CarrierHealth.is_wanted,
        ),
        box(
            "is_robot",
            f"The log-in “{CarrierHealth.account}” is a robot user: the carrier gave it for machines",
            CarrierHealth.is_robot,
        ),
        rx.el.div(rx.button("Keep", variant="surface", type="submit"), class_name="form-buttons"),
        key=f"walk-{CarrierHealth.form_round}",
        on_submit=CarrierHealth.keep_terms,
        reset_on_submit=False,
        class_name="line-form",
    )
    why_not = rx.el.div(
        rx.el.p("Why it is not walked", class_name="card-title"),
        rx.el.ul(rx.foreach(CarrierHealth.reasons, rx.el.li), class_name="walk-reasons"),
    )
    return rx.el.div(
        rx.cond(CarrierHealth.reasons.length() > 0, why_not),
        form,
        class_name="walk-terms",
    )


def _drift(drift: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    warning = rx.cond(
        drift.is_breaking,
        rx.el.p("A step of the profile finds nothing here any more: uploads will fail.", class_name="card-strong"),
        rx.el.p("Every step still finds what it needs.", class_name="muted"),
    )
    shots = rx.el.div(
        _shot("Before", drift.before_picture, drift.before_boxes),
        _shot("Now", drift.now_picture, drift.now_boxes),
        class_name="drift-shots",
    )
    return rx.el.section(
        rx.el.div(
            rx.el.h2(drift.title, class_name="pane-heading"),
            rx.cond(drift.is_breaking, badge(_STATES["breaks"]), badge(_STATES["note"])),
            class_name="card-head",
        ),
        warning,
        rx.el.p(drift.since, class_name="muted"),
        rx.el.ol(rx.foreach(drift.changes, _change), class_name="drift-changes"),
        shots,
        rx.el.div(
            rx.button("Accept the new look…", variant="surface", on_click=CarrierHealth.ask_accept(drift.id)),
            class_name="form-buttons",
        ),
        key=drift.id,
        aria_label=drift.title,
        class_name=rx.cond(drift.is_breaking, "profile-card drift drift-breaks", "profile-card drift"),
    )


def _change(change: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    return rx.el.li(
        rx.el.span(
            change.number,
            class_name=rx.cond(change.is_breaking, "drift-number breaks", "drift-number"),
            aria_hidden="true",
        ),
        rx.el.span(change.words, class_name=rx.cond(change.is_breaking, "card-strong", "")),
    )


def _shot(title: str, picture: Any, boxes: Any) -> rx.Component:  # noqa: ANN401 -- Vars
    def outline(box: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
        return rx.el.span(
            rx.el.span(box.number, class_name="drift-tag"),
            style={"left": box.left, "top": box.top, "width": box.width, "height": box.height},
            class_name=rx.cond(box.tone == "breaks", "drift-box breaks", "drift-box"),
            aria_hidden="true",
        )

    shown = file_link(
        rx.el.img(src=picture, alt=f"The page {title.lower()}", loading="lazy"),
        rx.foreach(boxes, outline),
        href=picture,
        target="_blank",
        class_name="drift-frame",
    )
    none = rx.el.p("No picture: the page was never seen whole.", class_name="muted")
    return rx.el.figure(
        rx.el.figcaption(title, class_name="field-label"), rx.cond(picture != "", shown, none), class_name="drift-shot"
    )


def _accept_dialog() -> rx.Component:
    return note_dialog(
        is_open=CarrierHealth.accepting != "",
        on_open_change=CarrierHealth.close_accept,
        on_submit=CarrierHealth.accept,
        title="Take the new look as the base",
        text=rx.cond(
            CarrierHealth.is_accepting_broken,
            "Uploads go on failing until the profile is changed; the walk will not warn of this again.",
            "The next walks are held against this look.",
        ),
        fields=(note_field("Why it is right", is_required=True),),
        problem=CarrierHealth.problem,
        action=rx.button("Accept", type="submit"),
    )
