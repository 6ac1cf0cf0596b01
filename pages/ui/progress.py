"""Long work: a bar with counts and the time left."""

import reflex as rx


def progress(label: str, *, done: rx.Var[int], total: rx.Var[int], time_left: rx.Var[str] | str = "") -> rx.Component:
    """Return the bar: `done` of `total`, and the state's own words for the time left."""
    share = rx.cond(total > 0, done * 100 / total, 0)
    bar = rx.el.div(
        rx.el.div(class_name="progress-fill", style={"width": f"{share}%"}),
        role="progressbar",
        aria_label=label,
        custom_attrs={"aria-valuemin": "0", "aria-valuenow": done, "aria-valuemax": total},
        class_name="progress-track",
    )
    counts = rx.el.span(f"{done} of {total}", class_name="tabular-nums")
    head = rx.el.div(rx.el.span(label), rx.el.span(time_left, class_name="muted"), counts, class_name="progress-head")
    return rx.el.div(head, bar, class_name="progress")
