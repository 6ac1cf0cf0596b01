"""What happens next with a record, and who has it."""

import reflex as rx


def next_step(step: rx.Var[str], who: rx.Var[str]) -> rx.Component:
    """Return the step with its owner."""
    owner = rx.cond(who != "", rx.el.span(who, class_name="next-who"))
    return rx.el.span(rx.el.span(step, class_name="next-what"), owner, class_name="next")


def next_box(step: rx.Var[str], who: rx.Var[str], *actions: rx.Component) -> rx.Component:
    """Return the step as the first thing of an open record, with what can be done about it."""
    words = rx.el.p(rx.el.span("Next: ", class_name="muted"), next_step(step, who))
    return rx.el.div(words, rx.el.div(*actions, class_name="next-actions"), class_name="next-box")
