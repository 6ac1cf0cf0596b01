"""Every page can be drawn: what a page asks of a state's value is there, found in seconds and without a build."""

import pytest

from billing_app.routes import PAGES, Page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.route)
def test_draw_page(page: Page):
    assert page.content().render()["children"]
