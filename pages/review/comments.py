"""Comments beside a bill: what was said, about which line, and the field to say something."""

from typing import Any

import reflex as rx

from pages.ui.callout import error_callout
from state.review.comments import Comments

COMMENT_FIELD = "comment-text"
# assets/focus.js takes the keyboard there after the click.
_TO_FIELD = {"data-focuses": COMMENT_FIELD}


def comments() -> rx.Component:
    """Return the section; nothing while it is not known what was said."""
    count = rx.cond(Comments.open_count != "", rx.el.span(Comments.open_count, " open", class_name="filter-count"))
    listed = rx.el.ol(rx.foreach(Comments.rows, _comment), class_name="comments")
    nothing = rx.el.p("Nothing was said yet. It stays in the firm; no carrier sees it.", class_name="row-hint")
    section = rx.el.section(
        rx.el.h2("Comments ", count, class_name="panel-title"),
        rx.cond(Comments.rows.length() > 0, listed, nothing),
        _form(),
        aria_label="Comments",
        class_name="history-section comments-section",
        id="comments",
    )
    return rx.cond(Comments.is_known, section)


def _comment(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    words = rx.foreach(
        row.words,
        lambda one: rx.cond(one.is_name, rx.el.strong(one.text, class_name="mention"), rx.el.span(one.text)),
    )
    head = rx.el.p(
        rx.el.strong(row.author),
        " ",
        rx.el.span(row.at, class_name="muted"),
        rx.cond(row.where != "", rx.el.span(row.where, class_name="badge")),
        rx.cond(row.is_edited, rx.el.span("edited", class_name="muted")),
        rx.cond(row.resolved_by != "", rx.el.span(f"Done, {row.resolved_by}", class_name="badge badge-green")),
        class_name="comment-head",
    )
    own = rx.cond(
        row.is_own,
        rx.fragment(
            _button("Edit", Comments.edit(row.id), row.at, **_TO_FIELD),
            _button("Remove", Comments.remove(row.id, row.version), row.at),
        ),
    )
    done = rx.cond(
        row.resolved_by != "",
        _button("Open again", Comments.resolve(row.id, False), row.at),
        _button("Done", Comments.resolve(row.id, True), row.at),
    )
    removed = rx.el.p("Removed by its author.", class_name="muted")
    body = rx.fragment(rx.el.p(words, class_name="comment-words"), rx.el.div(done, own, class_name="flag-does"))
    return rx.el.li(head, rx.cond(row.is_removed, removed, body), key=row.id)


def _button(label: str, event: Any, of: Any, **attributes: str) -> rx.Component:  # noqa: ANN401 -- a handler, a Var
    return rx.el.button(
        label,
        type="button",
        on_click=event,
        custom_attrs={"aria-label": f"{label}: comment of {of}", **attributes},
        class_name="text-button",
    )


def _form() -> rx.Component:
    about = rx.cond(
        Comments.line_id != "",
        rx.el.p(
            f"About line {Comments.line_number} ",
            rx.el.button(
                "About the whole instead",
                type="button",
                on_click=Comments.write_about("", ""),
                custom_attrs=_TO_FIELD,
                class_name="text-button",
            ),
            class_name="row-hint",
        ),
    )
    field = rx.debounce_input(
        rx.el.textarea(
            value=Comments.draft,
            on_change=Comments.type_text,
            rows="2",
            max_length=2000,
            placeholder="Write to the others; @ names somebody, who is told",
            aria_label="Comment",
            id=COMMENT_FIELD,
            class_name="field",
        ),
        debounce_timeout=250,
    )
    names = rx.el.div(
        rx.foreach(
            Comments.suggestions,
            lambda name: rx.el.button(
                f"@{name}", type="button", on_click=Comments.name(name), custom_attrs=_TO_FIELD, class_name="chip"
            ),
        ),
        role="group",
        aria_label="Name somebody",
        class_name="suggestions",
    )
    stop = rx.button(
        "Leave as it is", type="button", variant="soft", color_scheme="gray", size="2", on_click=Comments.stop_editing
    )
    send = rx.button(rx.cond(Comments.editing != "", "Save the comment", "Comment"), size="2", on_click=Comments.send)
    return rx.el.div(
        about,
        field,
        rx.el.div(rx.cond(Comments.suggestions.length() > 0, names), aria_live="polite"),
        error_callout(Comments.problem),
        rx.el.div(send, rx.cond(Comments.editing != "", stop), class_name="form-buttons"),
        class_name="comment-form",
    )
