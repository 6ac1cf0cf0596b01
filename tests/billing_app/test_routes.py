"""The table of routes: a page that stands in it twice would lose the first one's events without a word."""

from collections import Counter

from billing_app.routes import PAGES


def test_give_every_address_one_page() -> None:
    assert [route for route, count in Counter(page.route for page in PAGES).items() if count > 1] == []
