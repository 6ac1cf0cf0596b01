"""On pages, fields that eat what is typed and bare anchors are refused."""

import pytest

PAGE = "pages/review/edit_dialog.py"
DEBOUNCED = "on_change=State.find.debounce(180)"


@pytest.mark.parametrize(
    "code",
    [
        f"rx.el.input(value=State.search, {DEBOUNCED})",
        "rx.el.input(value=State.search, on_change=lambda text: State.find(text).debounce(180))",
    ],
)
def test_refuse_a_field_that_eats_what_is_typed(lint, code):
    assert lint(code, PAGE) == [("typed-away", 1)]


@pytest.mark.parametrize(
    "code",
    [
        f"rx.el.input(default_value=State.search, {DEBOUNCED})",
        f"rx.el.input({DEBOUNCED})",
        "rx.el.select(value=State.chosen, on_change=State.choose)",
        "rx.debounce_input(rx.el.input(value=State.search, on_change=State.find), debounce_timeout=300)",
    ],
)
def test_allow_a_field_that_keeps_it(lint, code):
    assert lint(code, PAGE) == []


@pytest.mark.parametrize("code", ["rx.el.a('PDF', href=row.href)", "rx.link('PDF', href=row.href)"])
def test_refuse_a_bare_anchor_but_where_links_are_made(lint, code):
    assert lint(code, PAGE) == [("bare-anchor", 1)]
    assert lint(code, "pages/ui/link.py") == []
    assert lint(code, "services/invoices.py") == []
