"""The pictures of reports: drawn from the same figures as the tables below them, which alone are read aloud.

Colours are the theme's, so that they hold in the dark; series that lie beside each other differ in lightness too.
"""

from typing import Any

import reflex as rx

from state.reporting.reports import Reports

_ANIMATED = False
_NAMES_WIDTH = 142
_AXIS = {"stroke": "var(--gray-11)", "tick_line": False, "axis_line": False, "tick_size": 4}
_MARGIN = {"top": 6, "right": 18, "bottom": 0, "left": 0}
_WHOLE: rx.Var = rx.Var(_js_expr="(value) => Number(value).toLocaleString('en-US')")
_DOLLARS: rx.Var = rx.Var(
    _js_expr="(value) => '$' + Number(value).toLocaleString('en-US', { minimumFractionDigits: 2 })"
)
_SHORT_DOLLARS: rx.Var = rx.Var(
    _js_expr="(value) => '$' + Number(value).toLocaleString('en-US', { notation: 'compact', maximumFractionDigits: 1 })"
)
Series = tuple[str, str, str]


def report_chart() -> rx.Component:
    """Return the open report's chart with its sentence; nothing where there is nothing to draw."""
    picture = rx.match(
        Reports.report,
        ("cycle", burn_down(Reports.points, Reports.chart_height)),
        ("blocked", _bars(("a", "Bills", "var(--amber-9)"))),
        ("ageing", _columns(("a", "Owed", "var(--accent-9)"), is_money=True)),
        (
            "realisation",
            _bars(
                ("a", "Worked", "var(--gray-8)"),
                ("b", "Billed", "var(--accent-9)"),
                ("c", "Paid", "var(--grass-9)"),
                is_money=True,
            ),
        ),
        ("write-downs", _bars(("a", "Taken off", "var(--amber-9)"), is_money=True)),
        (
            "acceptance",
            _bars(
                ("a", "Approved", "var(--grass-9)"),
                ("b", "Reduced", "var(--amber-8)"),
                ("c", "Disputed", "var(--accent-9)"),
                ("d", "Rejected", "var(--tomato-10)"),
                is_stacked=True,
            ),
        ),
        (
            "cycle-time",
            _bars(("a", "Half within, days", "var(--accent-9)"), ("b", "Nine of ten within, days", "var(--gray-8)")),
        ),
        ("hours-saved", _columns(("a", "Hours saved", "var(--grass-9)"), interval="preserveEnd")),
        rx.fragment(),
    )
    return rx.cond(Reports.points.length() > 0, figure(picture, Reports.summary, Reports.chart_height))


def figure(picture: rx.Component | rx.Var, summary: rx.Var[str], height: rx.Var[int] | int) -> rx.Component:
    """Return a picture with its sentence, which is what is read aloud."""
    style = {"height": f"{height}px"}
    return rx.el.figure(
        rx.el.figcaption(summary, class_name="chart-summary"),
        rx.el.div(picture, aria_hidden="true", class_name="chart", style=style),
        class_name="chart-figure",
    )


def burn_down(points: rx.Var[list[dict]], height: rx.Var[int] | int) -> rx.Component:
    """Return the bills left day by day until today, with the plan's straight line to the close."""
    return rx.recharts.composed_chart(
        rx.recharts.cartesian_grid(vertical=False, stroke="var(--gray-5)"),
        rx.recharts.x_axis(data_key="name", interval="preserveStartEnd", min_tick_gap=24, **_AXIS),
        rx.recharts.y_axis(allow_decimals=False, width=44, **_AXIS),
        _tooltip(_WHOLE),
        _legend(icon_type="plainline"),
        rx.recharts.area(
            data_key="a",
            name="Left",
            type_="linear",
            stroke="var(--accent-9)",
            stroke_width=2,
            fill="var(--accent-4)",
            dot=False,
            is_animation_active=_ANIMATED,
        ),
        rx.recharts.line(
            data_key="b",
            name="Left by plan",
            type_="linear",
            stroke="var(--gray-10)",
            stroke_width=2,
            stroke_dasharray="5 4",
            dot=False,
            is_animation_active=_ANIMATED,
        ),
        data=points,
        height=height,
        margin=_MARGIN,
        custom_attrs=_SILENT,
    )


def _columns(*series: Series, is_money: bool = False, interval: int | str = 0) -> rx.Component:
    return rx.recharts.bar_chart(
        rx.recharts.cartesian_grid(vertical=False, stroke="var(--gray-5)"),
        rx.recharts.x_axis(data_key="name", interval=interval, **_AXIS),
        rx.recharts.y_axis(width=64, custom_attrs=_ticks(is_money=is_money), **_AXIS),
        _tooltip(_DOLLARS if is_money else _WHOLE),
        *(_bar(one, radius=[4, 4, 0, 0]) for one in series),
        data=Reports.points,
        height=Reports.chart_height,
        margin=_MARGIN,
        custom_attrs=_SILENT,
    )


def _bars(*series: Series, is_money: bool = False, is_stacked: bool = False) -> rx.Component:
    """Return bars that lie, because names are long."""
    legend = (_legend(),) if len(series) > 1 else ()
    stack: dict[str, Any] = {"stack_id": "all"} if is_stacked else {"radius": [0, 4, 4, 0]}
    return rx.recharts.bar_chart(
        rx.recharts.cartesian_grid(horizontal=False, stroke="var(--gray-5)"),
        rx.recharts.x_axis(type_="number", custom_attrs=_ticks(is_money=is_money), **_AXIS),
        rx.recharts.y_axis(type_="category", data_key="name", width=_NAMES_WIDTH, interval=0, **_AXIS),
        _tooltip(_DOLLARS if is_money else _WHOLE),
        *legend,
        *(_bar(one, **stack) for one in series),
        layout="vertical",
        data=Reports.points,
        height=Reports.chart_height,
        margin=_MARGIN,
        custom_attrs=_SILENT,
    )


def _bar(series: Series, **look: Any) -> rx.Component:  # noqa: ANN401 -- props of the library's
    key, name, colour = series
    return rx.recharts.bar(
        data_key=key, name=name, fill=colour, stroke=colour, max_bar_size=26, is_animation_active=_ANIMATED, **look
    )


def _legend(**look: Any) -> rx.Component:  # noqa: ANN401 -- props of the library's
    order = {"itemSorter": "dataKey"}  # not by the alphabet
    return rx.recharts.legend(height=28, vertical_align="top", align="right", custom_attrs=order, **look)


def _tooltip(formatter: rx.Var) -> rx.Component:
    return rx.recharts.graphing_tooltip(is_animation_active=_ANIMATED, custom_attrs={"formatter": formatter})


def _ticks(*, is_money: bool) -> dict[str, rx.Var]:
    return {"tickFormatter": _SHORT_DOLLARS if is_money else _WHOLE}


# What is not read aloud must not be reached by the keyboard either.
_SILENT: dict[str, Any] = {"accessibilityLayer": False}
